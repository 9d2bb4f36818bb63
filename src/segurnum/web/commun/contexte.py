"""What every page knows: the names, the menu of the person's profile, whether this is a demonstration."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from segurnum.notifications.queries import nombre_de_nouvelles
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.seuil.garde import bandeaux
from segurnum.seuil.theme import THEMES, theme
from segurnum.web.commun.menus import PUBLIC, menu


def cadre(requete: HttpRequest) -> dict[str, Any]:
    utilisateur: Any = getattr(requete, "user", None)
    connecte = utilisateur is not None and utilisateur.is_authenticated
    return {
        "adresse_accueil": SimpleLazyObject(partial(_accueil, utilisateur if connecte else None)),
        "nom_portail": settings.NOM_PORTAIL,
        "marque_etat": settings.MARQUE_ETAT,
        "annee": jour_de_paris(maintenant()).year,
        "demonstration": settings.DEMONSTRATION,
        "theme": theme(requete),
        "themes": THEMES,
        # Only asked of the database by the pages that draw it: that of a breakdown must not need it.
        "bandeaux": SimpleLazyObject(partial(bandeaux, requete)),
        "a_lire": SimpleLazyObject(partial(_a_lire, utilisateur if connecte else None)),
        "menu": SimpleLazyObject(partial(menu, utilisateur)) if connecte else PUBLIC,
    }


def _accueil(utilisateur: Any) -> str:
    """The home of whoever reads."""
    if utilisateur is None:
        return reverse("public:accueil")
    return reverse("gestion:accueil" if utilisateur.est_agent else "fournisseur:accueil")


def _a_lire(utilisateur: Any) -> dict[str, int]:
    """What a person of a company has not read yet; one statement, and none for the others."""
    if utilisateur is None or utilisateur.entreprise_id is None:
        return {}
    return {"nouvelles": nombre_de_nouvelles(utilisateur)}
