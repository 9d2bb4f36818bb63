"""What every page of a signed-in person does: end a session that is too old, tell that they were seen, ask for the
second factor, and stay in no cache."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from segurnum.comptes.connexions import quitter
from segurnum.comptes.second_facteur import exige
from segurnum.comptes.sessions import VUE_LE, trop_ancienne
from segurnum.regles.calendrier import maintenant

# A session is written again at most this often for having been seen.
INTERVALLE = timedelta(minutes=5)
SECOND_FACTEUR_VERIFIE = "second_facteur"
_ACTIVATION = "fournisseur:activer_second_facteur"
# Where who must have a second factor gets one: an application, or a passkey.
_PERMIS = {_ACTIVATION, "fournisseur:ajouter_cle"}


class Presence:
    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        personne: Any = requete.user
        if personne.is_authenticated and trop_ancienne(requete.session):
            quitter(personne=personne, geste="FIN_DE_SESSION")
            logout(requete)
        reponse = self.suite(requete)
        if requete.user.is_authenticated:
            reponse["Cache-Control"] = "private, no-store"
        return reponse

    def process_view(
        self, requete: HttpRequest, vue: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        personne: Any = requete.user
        if not personne.is_authenticated:
            return None
        _noter_le_passage(requete)
        if not exige(personne) or requete.session.get(SECOND_FACTEUR_VERIFIE):
            return None
        lieu = requete.resolver_match.view_name if requete.resolver_match else ""
        if lieu in _PERMIS or not getattr(vue, "login_required", True):
            return None
        messages.warning(requete, "Votre profil demande un second facteur : activez-le pour continuer.")
        return redirect(_ACTIVATION)


def _noter_le_passage(requete: HttpRequest) -> None:
    instant, vue_le = maintenant(), requete.session.get(VUE_LE)
    if vue_le is not None and instant - datetime.fromisoformat(vue_le) > INTERVALLE:
        requete.session[VUE_LE] = instant.isoformat()
