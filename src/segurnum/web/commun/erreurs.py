"""Error pages that help: what happened, and where to go from here."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

# What the framework refuses before any view: the first line whose kind it is tells why, and what to do.
_MOTIFS: tuple[tuple[type[Exception], int, str], ...] = (
    (RequestDataTooBig, 413, "Le formulaire est trop long : raccourcissez ce que vous avez saisi."),
    (TooManyFieldsSent, 413, "Le formulaire compte trop de champs : envoyez-le en plusieurs fois."),
    (TooManyFilesSent, 413, "Le formulaire compte trop de fichiers : envoyez-les en plusieurs fois."),
    (MultiPartParserError, 400, "Le formulaire est arrivé incomplet ou abîmé : envoyez-le de nouveau."),
    (UnreadablePostError, 400, "Le formulaire n'est pas arrivé en entier : envoyez-le de nouveau."),
)


def requete_incomprise(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """BadRequest of the portal's own carries its sentence; the framework's errors are told by their kind."""
    trouves = ((statut, phrase) for genre, statut, phrase in _MOTIFS if isinstance(exception, genre))
    propre = str(exception) if type(exception) is BadRequest else ""
    statut, motif = next(trouves, (400, propre))
    return render(requete, "commun/erreurs/400.html", {"motif": motif}, status=statut)


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
