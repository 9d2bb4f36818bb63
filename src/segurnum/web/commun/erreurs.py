"""Error pages that help: what happened, and where to go from here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def requete_incomprise(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(requete, "commun/erreurs/400.html", status=400)


def acces_refuse(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(requete, "commun/erreurs/403.html", {"motif": str(exception or "")}, status=403)


def introuvable(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(requete, "commun/erreurs/404.html", status=404)


def panne(requete: HttpRequest) -> HttpResponse:
    return render(requete, "commun/erreurs/500.html", status=500)


class AdresseDEnvoi:
    """A page for whoever opens the address of a form, as after signing in again: Django alone answers nothing at all,
    and the browser then shows an error of its own, which leads nowhere.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        reponse = self.suite(requete)
        if reponse.status_code != 405 or requete.method != "GET":
            return reponse
        page = render(requete, "commun/erreurs/405.html", status=405)
        page["Allow"] = reponse["Allow"]
        return page
