"""Who may open a page. Signing in is required everywhere else than where `login_not_required` says so.

What a person may do is in the table of rights (`comptes.droits`), which services ask again.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import reduce, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.droits import peut
from segurnum.comptes.models import PROFILS_INSTRUCTEURS, Entreprise, Profil, Utilisateur
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.gestes import (
    GesteDepot,
    GesteEntreprise,
    GesteEspace,
    GesteReference,
    GesteSupervision,
)
from segurnum.seuil.limites import ADRESSE, HEURE, limite

P = ParamSpec("P")
Vue = Callable[Concatenate["Requete", P], HttpResponseBase]
V = TypeVar("V", bound=Callable[..., Any])
VueGardee = Callable[Concatenate[Any, P], HttpResponseBase]
Garde = Callable[[Any], Any]


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


def page_publique(vue: V) -> V:
    """A page that everybody may look at."""
    return login_not_required(require_safe(vue))


def formulaire_public(
    nom: str, maximum: int, duree: timedelta = HEURE, *, quoi: str = "envois", page: bool = True
) -> Callable[[V], V]:
    """A form for everybody: so many sendings from one network. `page`: it is looked at too, at the same address."""

    def decorer(vue: V) -> V:
        bornee = limite(nom, ADRESSE, maximum, duree, quoi=quoi)(vue)
        methodes = ["GET", "HEAD", "POST"] if page else ["POST"]
        return login_not_required(require_http_methods(methodes)(bornee))

    return decorer


def bouton_public(
    nom: str, maximum: int, duree: timedelta = HEURE, *, quoi: str = "envois"
) -> Callable[[V], V]:
    """What a button of these pages does."""
    return formulaire_public(nom, maximum, duree, quoi=quoi, page=False)


fournisseurs = reserve_a(GesteEspace.ENTREPRISE)
agents = reserve_a(GesteEspace.GESTION)
instructeurs = reserve_a(*PROFILS_INSTRUCTEURS)
administration = reserve_a(Profil.ADMINISTRATION)
# Who looks at what others settle, and at where the numbers of mailboxes come from.
controleurs = reserve_a(GesteSupervision.CONTROLER)
lecteurs_des_comptages = reserve_a(GesteSupervision.LIRE_COMPTAGES)


def _qui_peut(geste: EnumLibelle, phrase: str, *, lire: bool = True) -> Garde:
    """Who may not make the gesture is told so (403), before the page where it is not theirs to read (`lire`)."""

    def decorer(vue: Vue[P]) -> VueGardee[P]:
        @wraps(vue)
        def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (requete.method == "POST" or not lire) and not peut(requete.user, geste):
                raise PermissionDenied(phrase)
            return vue(requete, *args, **kwargs)

        return gardee

    return decorer


# Readers look at the pages and send nothing.
deposants = _qui_peut(
    GesteDepot.SAISIR,
    "Votre rôle de lecteur ne permet pas cette action : demandez-la à un administrateur ou à un déposant de votre "
    "entreprise.",
)
# Everybody in the company looks; only its administrators change who stands for it and where its money goes.
responsables = _qui_peut(
    GesteModification.SOUMETTRE,
    "Cette action est réservée aux administrateurs de votre entreprise : demandez-la à l'un d'eux.",
)
# Auditors look at what an operator declares, and add nothing to it.
teneurs_des_comptages = _qui_peut(
    GesteReference.TENIR_ANNUAIRE, "Cette action est réservée à qui tient les comptages de l'Annuaire Santé."
)
regleurs_d_enveloppes = _qui_peut(
    GesteReference.REGLER_ENVELOPPE, "Cette action est réservée à qui règle les enveloppes."
)
# Only they see its people, and manage them.
administrateurs = _qui_peut(
    GesteEntreprise.GERER_UTILISATEURS,
    "Cette page est réservée aux administrateurs de votre entreprise : demandez-leur cette action.",
    lire=False,
)


def page_de(qui: Garde, *gardes: Garde) -> Callable[[Vue[P]], VueGardee[P]]:
    """A page that is only read, by these people, under these guards, the first one first."""
    return _sous(qui, require_safe, *gardes)


def formulaire_de(qui: Garde, *gardes: Garde) -> Callable[[Vue[P]], VueGardee[P]]:
    """A page and what is sent from it."""
    return _sous(qui, require_http_methods(["GET", "HEAD", "POST"]), *gardes)


def bouton_de(qui: Garde, *gardes: Garde) -> Callable[[Vue[P]], VueGardee[P]]:
    """What a button does."""
    return _sous(qui, require_POST, *gardes)


def _sous(*gardes: Garde) -> Callable[[Vue[P]], VueGardee[P]]:
    return lambda vue: reduce(lambda gardee, garde: garde(gardee), reversed(gardes), vue)


def entreprise_de(requete: Requete) -> Entreprise:
    """The tenant of the page: every read of the supplier's face starts from it."""
    entreprise = requete.user.entreprise
    if entreprise is None:
        raise PermissionDenied("Votre compte n'est rattaché à aucune entreprise.")
    return entreprise
