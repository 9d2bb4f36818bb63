"""Error pages that help: what happened, and where to go from here."""

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
