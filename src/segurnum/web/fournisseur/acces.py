"""Who may act, among those who may look; and the frame of every view: who it is for, and what may be asked of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import render

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.comptes.permissions import peut_gerer_les_utilisateurs
from segurnum.coordonnees.permissions import peut_modifier
from segurnum.demandes.permissions import peut_deposer
from segurnum.seuil.acces import (
    Garde,
    Vue,
    VueGardee,
    bouton_de,
    entreprise_de,
    formulaire_de,
    fournisseurs,
    page_de,
    reserve_a,
)

P = ParamSpec("P")


def consultation(*gardes: Garde, profil: Profil | None = None) -> Callable[[Vue[P]], VueGardee[P]]:
    """A page that is only read, by this profile: by both of a company where none is said."""
    return page_de(_de(profil), *gardes)


def saisie(*gardes: Garde, profil: Profil | None = None) -> Callable[[Vue[P]], VueGardee[P]]:
    """A page and what is sent from it, under these guards, the first one first."""
    return formulaire_de(_de(profil), *gardes)


def geste(*gardes: Garde, profil: Profil | None = None) -> Callable[[Vue[P]], VueGardee[P]]:
    """What a button does, under these guards, the first one first."""
    return bouton_de(_de(profil), *gardes)


def _de(profil: Profil | None) -> Garde:
    return reserve_a(profil) if profil else fournisseurs


def pour_cette_entreprise(vue: Vue[P]) -> VueGardee[P]:
    """A form acts for the company of its page: once another was chosen, in another tab, it does nothing (409).

    The page says which by `kits/entreprise_de_la_page.html`.
    """

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        entreprise = entreprise_de(requete)
        if requete.method == "POST" and requete.POST.get("entreprise") != str(entreprise.pk):
            contexte = {"entreprise": entreprise}
            return render(requete, "fournisseur/autre_entreprise.html", contexte, status=409)
        return vue(requete, *args, **kwargs)

    return gardee


def _si(peut: Callable[[Utilisateur], bool], phrase: str, *, lire: bool = True) -> Garde:
    """Those who may not are told so (403), before the page where it is not theirs to read (`lire`)."""

    def decorer(vue: Vue[P]) -> VueGardee[P]:
        @wraps(vue)
        def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (requete.method == "POST" or not lire) and not peut(requete.user):
                raise PermissionDenied(phrase)
            return vue(requete, *args, **kwargs)

        return gardee

    return decorer


# Readers look at the pages and send nothing.
deposants = _si(
    peut_deposer,
    "Votre rôle de lecteur ne permet pas cette action : demandez-la à un administrateur ou à un déposant de votre "
    "entreprise.",
)
# Everybody in the company looks; only its administrators change who stands for it and where its money goes.
responsables = _si(
    peut_modifier,
    "Cette action est réservée aux administrateurs de votre entreprise : demandez-la à l'un d'eux.",
)
# Only they see its people, and manage them.
administrateurs = _si(
    peut_gerer_les_utilisateurs,
    "Cette page est réservée aux administrateurs de votre entreprise : demandez-leur cette action.",
    lire=False,
)
