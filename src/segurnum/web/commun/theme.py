"""Light or dark: what each person chose, which follows them; in a cookie for who is not signed in.

The server writes it in the page, so that the first paint is right.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse

from segurnum.comptes.models import Theme

COOKIE = "theme"
DUREE = 365 * 24 * 3600  # seconds

# What is chosen among, its label, and what it means.
PRECISIONS = {Theme.SYSTEME: "Utilise les paramètres de votre appareil."}
THEMES = tuple((choix, choix.label, PRECISIONS.get(choix, "")) for choix in Theme)


def theme(requete: HttpRequest) -> Theme:
    """Light until another is chosen."""
    personne: Any = getattr(requete, "user", None)
    choisi = getattr(personne, "theme", "") or requete.COOKIES.get(COOKIE, "")
    return Theme(choisi) if choisi in set(Theme) else Theme.CLAIR


def garder(reponse: HttpResponse, choisi: Theme, *, tls: bool) -> None:
    """Not a secret: the page's script writes the same cookie when one chooses in its window."""
    reponse.set_cookie(COOKIE, choisi, max_age=DUREE, secure=tls, samesite="Lax")
