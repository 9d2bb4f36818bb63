"""Counting what is asked, in one statement each time: two processes never both take the last place.

A window begins with the first try and lasts its time; what is refused is not counted, so that insisting makes nobody
wait longer than what was said.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from segurnum.limites.models import Compteur
from segurnum.limites.phrases import a_partir_de
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

_COMPTER = """INSERT INTO limites_compteur AS c (cle, nombre, expire_le, libre_le)
VALUES (%(cle)s, %(poids)s, %(fin)s, NULL)
ON CONFLICT (cle) DO UPDATE SET
    nombre = CASE WHEN c.expire_le <= %(instant)s THEN 0 ELSE c.nombre END + %(poids)s,
    expire_le = CASE WHEN c.expire_le <= %(instant)s THEN %(fin)s ELSE c.expire_le END
WHERE c.expire_le <= %(instant)s OR c.nombre + %(poids)s <= %(maximum)s
RETURNING nombre
"""
# Each try past the free ones doubles the wait that follows it.
_ESSAYER = """INSERT INTO limites_compteur AS c (cle, nombre, expire_le, libre_le)
VALUES (%(cle)s, 1, %(fin)s, NULL)
ON CONFLICT (cle) DO UPDATE SET
    nombre = CASE WHEN c.expire_le <= %(instant)s THEN 1 ELSE c.nombre + 1 END,
    expire_le = %(fin)s,
    libre_le = CASE WHEN c.expire_le > %(instant)s AND c.nombre + 1 >= %(francs)s
        THEN %(instant)s + LEAST(%(plafond)s, %(base)s * (2 ^ LEAST(c.nombre + 1 - %(francs)s, 16)))
        ELSE NULL END
WHERE c.expire_le <= %(instant)s OR c.libre_le IS NULL OR c.libre_le <= %(instant)s
RETURNING nombre
"""


def compter(cle: str, *, maximum: int, duree: timedelta, poids: int = 1) -> datetime | None:
    """Count under this key, `maximum` at most during `duree`. None if counted, else the instant to try again at."""
    instant = maintenant()
    if poids > maximum:
        return instant + duree
    valeurs = {"cle": cle, "poids": poids, "maximum": maximum, "instant": instant, "fin": instant + duree}
    return None if _executer(_COMPTER, valeurs) else _fin(cle, instant)


def exiger(cle: str, *, maximum: int, duree: timedelta, phrase: str) -> None:
    """Count, or refuse. Raises GesteImpossible: `phrase`, whose « {} » is when one may try again."""
    libre_le = compter(cle, maximum=maximum, duree=duree)
    if libre_le is not None:
        raise GesteImpossible(phrase.format(a_partir_de(libre_le)))


def permettre(cle: str, *, maximum: int, duree: timedelta) -> bool:
    """Count a try under this key. False once `maximum` tries were counted during the window."""
    return compter(cle, maximum=maximum, duree=duree) is None


def essayer(
    cle: str, *, francs: int, base: timedelta, plafond: timedelta, garde: timedelta
) -> datetime | None:
    """Count a try that is followed, from the `francs`-th on, by a wait: `base`, then twice as long each time.

    None if counted, else the instant to try again at: a try made before it changes nothing.
    """
    instant = maintenant()
    valeurs = {"cle": cle, "francs": francs, "base": base, "plafond": plafond}
    if _executer(_ESSAYER, valeurs | {"instant": instant, "fin": instant + garde}):
        return None
    libre = Compteur.objects.filter(cle=cle).values_list("libre_le", flat=True).first()
    return libre or instant


def rendre(cle: str) -> None:
    """Take back the last count: what was tried was right."""
    Compteur.objects.filter(cle=cle).update(nombre=Greatest(F("nombre") - 1, Value(0)), libre_le=None)


def ajouter(cle: str, *, duree: timedelta, poids: int) -> None:
    """Count without any maximum."""
    instant = maintenant()
    valeurs = {"cle": cle, "poids": poids, "instant": instant, "fin": instant + duree}
    _executer(_COMPTER, valeurs | {"maximum": 2**62})


def oublier(cle: str) -> None:
    """Start counting again, after a success."""
    Compteur.objects.filter(cle=cle).delete()


def purger() -> int:
    """Forget the counts that no limit looks at any more. Returns how many."""
    return Compteur.objects.filter(expire_le__lte=maintenant()).delete()[0]


def _executer(sql: str, valeurs: dict[str, Any]) -> bool:
    with connection.cursor() as curseur:
        curseur.execute(sql, valeurs)
        return curseur.fetchone() is not None


def _fin(cle: str, instant: datetime) -> datetime:
    """When the window of a key ends; now if another process has just forgotten it."""
    return Compteur.objects.filter(cle=cle).values_list("expire_le", flat=True).first() or instant
