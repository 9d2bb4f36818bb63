"""Light or dark: what each browser chose, kept in a cookie so that the first paint is right."""

from enum import StrEnum

from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
DUREE = 365 * 24 * 3600  # seconds


class Theme(StrEnum):
    """The words of the design system."""

    CLAIR = "light"
    SOMBRE = "dark"
    SYSTEME = "system"


# What is chosen among, its label, and what it means.
THEMES = (
    (Theme.CLAIR, "Thème clair", ""),
    (Theme.SOMBRE, "Thème sombre", ""),
    (Theme.SYSTEME, "Système", "Utilise les paramètres de votre appareil."),
)


def theme(requete: HttpRequest) -> Theme:
    """Light until another is chosen."""
    choisi = requete.COOKIES.get(COOKIE, "")
    return Theme(choisi) if choisi in set(Theme) else Theme.CLAIR


def garder(reponse: HttpResponse, choisi: Theme, *, tls: bool) -> None:
    """Not a secret: the page's script writes the same cookie when one chooses in its window."""
    reponse.set_cookie(COOKIE, choisi, max_age=DUREE, secure=tls, samesite="Lax")
