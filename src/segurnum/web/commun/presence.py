"""What every page of a signed-in person does first: tell that they were seen, and ask for the second factor."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from segurnum.comptes.second_facteur import exige
from segurnum.comptes.sessions import VUE_LE
from segurnum.regles.calendrier import maintenant

# A session is written again at most this often for having been seen.
INTERVALLE = timedelta(minutes=5)
SECOND_FACTEUR_VERIFIE = "second_facteur"
_ACTIVATION = "fournisseur:activer_second_facteur"


class Presence:
    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        return self.suite(requete)

    def process_view(
        self, requete: HttpRequest, vue: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        personne: Any = requete.user
        if not personne.is_authenticated:
            return None
        _noter_le_passage(requete)
        if not exige(personne) or requete.session.get(SECOND_FACTEUR_VERIFIE):
            return None
        lieu = requete.resolver_match.view_name if requete.resolver_match else ""
        if lieu == _ACTIVATION or not getattr(vue, "login_required", True):
            return None
        messages.warning(requete, "Votre profil demande un second facteur : activez-le pour continuer.")
        return redirect(_ACTIVATION)


def _noter_le_passage(requete: HttpRequest) -> None:
    instant, vue_le = maintenant(), requete.session.get(VUE_LE)
    if vue_le is not None and instant - datetime.fromisoformat(vue_le) > INTERVALLE:
        requete.session[VUE_LE] = instant.isoformat()
