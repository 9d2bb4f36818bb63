"""Who may open a page. Signing in is required everywhere else than where `login_not_required` says so.

What a person may do is in the table of rights (`comptes.droits`), which services ask again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.gestes import GesteEspace

P = ParamSpec("P")
Vue = Callable[Concatenate["Requete", P], HttpResponseBase]
VueGardee = Callable[Concatenate[Any, P], HttpResponseBase]


class Requete(HttpRequest):
    """A request that carries a signed-in person. For types only."""

    user: Utilisateur


def reserve_a(*qui: Profil | EnumLibelle) -> Callable[[Vue[P]], VueGardee[P]]:
    """Only these profiles, or who may make one of these gestures, see the page; others are told so (403)."""

    def decorer(vue: Vue[P]) -> VueGardee[P]:
        @wraps(vue)
        def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(_admise(requete.user, admis) for admis in qui):
                raise PermissionDenied("Cette page est réservée à un autre profil que le vôtre.")
            return vue(requete, *args, **kwargs)

        return gardee

    return decorer


def _admise(personne: Utilisateur, qui: Profil | EnumLibelle) -> bool:
    return peut(personne, qui) if isinstance(qui, EnumLibelle) else personne.profil == qui


fournisseurs = reserve_a(GesteEspace.ENTREPRISE)
agents = reserve_a(GesteEspace.GESTION)


def entreprise_de(requete: Requete) -> Entreprise:
    """The tenant of the page: every read of the supplier's face starts from it."""
    entreprise = requete.user.entreprise
    if entreprise is None:
        raise PermissionDenied("Votre compte n'est rattaché à aucune entreprise.")
    return entreprise
