"""A part that is down, told on the page: what the portal cannot do for now, what is kept, and that it comes back.

Nothing here asks anything of the database, the session or the store: any of them may be what is down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import get_template

from segurnum.installation.veille import veille
from segurnum.pannes import Partie
from segurnum.pannes.rencontre import guetter
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.lecture_seule import SANS_JETON
from segurnum.seuil.saisie import saisie
from segurnum.seuil.televersement import sans_fichiers

ENTETE = "X-Panne"  # tells the scripts of the page that the answer is not what was asked for
NOUVEL_ESSAI = "30"  # seconds
_DES_REFUS = frozenset({409, 422})


@dataclass(frozen=True)
class Parole:
    """What is said of a part. `ecrire`, `lire`: what cannot be done, for who sends and for who looks."""

    code: str
    ecrire: str
    lire: str


PAROLES = {
    Partie.BASE: Parole(
        "base",
        "Le portail ne peut pas enregistrer ce que vous envoyez pour le moment",
        "Le portail ne peut pas afficher cette page pour le moment",
    ),
    Partie.FICHIERS: Parole(
        "fichiers",
        "Le portail ne peut plus recevoir de fichiers pour le moment",
        "Le portail ne peut pas relire ce fichier pour le moment",
    ),
    Partie.ANTIVIRUS: Parole(
        "antivirus",
        "Le portail ne peut pas analyser les fichiers pour le moment",
        "Le portail ne peut pas analyser les fichiers pour le moment",
    ),
    Partie.CONTROLE: Parole(
        "controle",
        "Le portail contrôle trop de fichiers à la fois pour lire le vôtre pour le moment",
        "Le portail contrôle trop de fichiers à la fois pour afficher cette page pour le moment",
    ),
}


class Pannes:
    """Outside of the sessions, which keep nothing of an answer of this kind: a form that is refused because a part is
    down says so by its status too.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        if requete.method not in SANS_JETON:
            veille.a_la_porte()
        with guetter(recu_le(requete)) as rencontre:
            reponse = self.suite(requete)
        if rencontre.partie is not None and reponse.status_code in _DES_REFUS:
            reponse.status_code = 503
            reponse._has_been_logged = True  # type: ignore[attr-defined]  # by `annoncer`, once a minute
            _dire(reponse, rencontre.partie)
        return reponse


def page(requete: HttpRequest, partie: Partie) -> HttpResponse:
    """The answer to a request that met an outage, in what its sender reads: a page, a piece of page, or JSON."""
    reponse = _reponse(requete, partie)
    _dire(reponse, partie)
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def page_seule(gabarit: str, contexte: dict[str, Any], statut: int) -> HttpResponse:
    """A page drawn by itself: what broke may be anything that the others need, menus and session included."""
    return HttpResponse(get_template(gabarit).render(contexte), status=statut)


def _reponse(requete: HttpRequest, partie: Partie) -> HttpResponse:
    envoi = requete.method not in SANS_JETON
    parole = PAROLES[partie]
    phrase = parole.ecrire if envoi else parole.lire
    if requete.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"panne": parole.code, "phrase": f"{phrase}."}, status=503)
    if "HX-Request" in requete.headers:
        return page_seule("commun/erreurs/panne_fragment.html", {"phrase": phrase}, 503)
    contexte = {
        "phrase": phrase,
        "envoi": envoi,
        "demandee": requete.get_full_path(),
        "saisie": _saisie(requete) if envoi else None,
    }
    if contexte["saisie"] is not None:
        contexte["csrf_token"] = get_token(requete)
    return page_seule("commun/erreurs/panne.html", contexte, 503)


def _dire(reponse: HttpResponse, partie: Partie) -> None:
    reponse["Retry-After"] = NOUVEL_ESSAI
    reponse[ENTETE] = PAROLES[partie].code


class _Jeton(CsrfViewMiddleware):
    """The framework's check, whose refusal is not a page of its own."""

    def _reject(self, _request: HttpRequest, _reason: str) -> HttpResponse:
        return HttpResponse(status=403)


def _saisie(requete: HttpRequest) -> list[tuple[str, str]] | None:
    """What was typed, read now if nothing had been, without its files; empty for a form that is but its button.
    None: nothing that could leave again from here, or a form that another site sent.
    """
    sans_fichiers(requete)
    try:
        if not _vient_d_ici(requete):
            return None
        return saisie(requete) or ([] if _n_a_qu_un_bouton(requete) else None)
    except Exception:  # too long, cut, unreadable: it is not to be sent again as it is
        return None


def _n_a_qu_un_bouton(requete: HttpRequest) -> bool:
    """« Importer », « Terminer »: no file was chosen and no secret typed, that would be to give again."""
    return requete.content_type != "multipart/form-data" and set(requete.POST) <= {"csrfmiddlewaretoken"}


def _vient_d_ici(requete: HttpRequest) -> bool:
    jeton = _Jeton(_rien)
    jeton.process_request(requete)
    return jeton.process_view(requete, _rien, (), {}) is None


def _rien(_requete: HttpRequest) -> HttpResponse:
    """A view like any other: the check asks of it only whether it wants to be checked."""
    return HttpResponse()
