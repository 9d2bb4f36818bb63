"""What every page knows: the names, the menu of the person's profile, whether this is a demonstration."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.web.commun.garde import bandeaux
from segurnum.web.commun.menus import menu
from segurnum.web.commun.theme import THEMES, theme


def cadre(requete: HttpRequest) -> dict[str, Any]:
    utilisateur: Any = getattr(requete, "user", None)
    connecte = utilisateur is not None and utilisateur.is_authenticated
    return {
        "nom_portail": settings.NOM_PORTAIL,
        "marque_etat": settings.MARQUE_ETAT,
        "annee": jour_de_paris(maintenant()).year,
        "demonstration": settings.DEMONSTRATION,
        "theme": theme(requete),
        "themes": THEMES,
        # Only asked of the database by the pages that draw it: that of a breakdown must not need it.
        "bandeaux": SimpleLazyObject(partial(bandeaux, requete)),
        "menu": SimpleLazyObject(partial(menu, utilisateur)) if connecte else (),
    }
