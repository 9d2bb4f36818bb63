"""Reading the journal, and proving that nobody rewrote it."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from segurnum.journal.models import Evenement

RUPTURES = """
    SELECT chaine, rang, CASE
        WHEN empreinte <> recalculee THEN 'le contenu a changé'
        WHEN rang <> rang_attendu THEN 'un événement manque avant celui-ci'
        ELSE 'la chaîne est rompue' END
    FROM (SELECT chaine, rang, empreinte, empreinte_precedente, journal_empreinte(e) AS recalculee,
            row_number() OVER suite AS rang_attendu,
            coalesce(lag(empreinte) OVER suite, '') AS precedente_attendue
          FROM journal_evenement e WINDOW suite AS (PARTITION BY chaine ORDER BY rang)) lu
    WHERE empreinte <> recalculee OR rang <> rang_attendu OR empreinte_precedente <> precedente_attendue
    ORDER BY chaine, rang
"""


@dataclass(frozen=True)
class Rupture:
    """A place where the chain does not hold."""

    chaine: str
    rang: int
    defaut: str


def evenements_de(chaine: str) -> QuerySet[Evenement]:
    return Evenement.objects.filter(chaine=chaine).select_related("acteur").order_by("rang")


def ruptures() -> list[Rupture]:
    """Every event whose digest, predecessor or rank is not what the chain requires.

    A deletion at the very end of a chain leaves no trace inside it: compare `tetes()` with an earlier export.
    """
    with connection.cursor() as curseur:
        curseur.execute(RUPTURES)
        return [Rupture(*ligne) for ligne in curseur.fetchall()]


def tetes() -> dict[str, str]:
    """The last digest of every chain, to be exported out of the database's reach."""
    return dict(
        Evenement.objects.order_by("chaine", "-rang").distinct("chaine").values_list("chaine", "empreinte")
    )
