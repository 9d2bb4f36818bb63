"""Error pages that help: what happened, and where to go from here."""

import logging
import sys
from collections.abc import Callable

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from segurnum.base.journaux import UneParMinute
from segurnum.pannes import partie_en_panne, trop_longue
from segurnum.pannes.annonce import annoncer
from segurnum.seuil import pannes
from segurnum.seuil.arrivee import recu_le

journal = logging.getLogger(__name__)
journal.addFilter(UneParMinute())

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


def introuvable(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's
    return render(requete, "commun/erreurs/404.html", status=404)


def panne(requete: HttpRequest) -> HttpResponse:
    """What no view nor middleware has dealt with: a part that is down is told for what it is, whoever met it."""
    erreur = sys.exc_info()[1]
    partie = partie_en_panne(erreur)
    if erreur is None or partie is None:
        return pannes.page_seule("commun/erreurs/500.html", {}, 500)
    if trop_longue(erreur):  # by the view, a trace a minute: the statement is ours to mend
        vue = requete.resolver_match.view_name if requete.resolver_match else "?"
        journal.error(f"La base a arrêté une requête trop longue de la vue {vue}.", exc_info=erreur)
    else:
        annoncer(partie, erreur, recu_le(requete))
    reponse = pannes.page(requete, partie)
    reponse._has_been_logged = True  # type: ignore[attr-defined]  # the framework's trace, for each request
    return reponse


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
