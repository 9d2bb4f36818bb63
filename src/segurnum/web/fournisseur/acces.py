"""The frame of every view: who it is for, and what may be asked of it; the views that are one button."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Entreprise, Profil
from segurnum.kits.geste import faire
from segurnum.seuil import acces
from segurnum.seuil.acces import Garde, Requete, Vue, VueGardee, entreprise_de
from segurnum.seuil.arrivee import recu_le

P = ParamSpec("P")


def consultation(*gardes: Garde, profil: Profil | None = None) -> Callable[[Vue[P]], VueGardee[P]]:
    """A page that is only read, by this profile: by both of a company where none is said."""
    return acces.page_de(_de(profil), *gardes)


def saisie(*gardes: Garde, profil: Profil | None = None) -> Callable[[Vue[P]], VueGardee[P]]:
    """A page and what is sent from it, under these guards, the first one first."""
    return acces.formulaire_de(_de(profil), *gardes)


def geste(*gardes: Garde, profil: Profil | None = None) -> Callable[[Vue[P]], VueGardee[P]]:
    """What a button does, under these guards, the first one first."""
    return acces.bouton_de(_de(profil), *gardes)


def _de(profil: Profil | None) -> Garde:
    return acces.reserve_a(profil) if profil else acces.fournisseurs


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


def trouver(lignes: Callable[[Entreprise], QuerySet[Any]]) -> Callable[[Requete, int], Any]:
    """How one of these lines of the company is read by its key; 404 for another's as for none."""
    return lambda requete, cle: get_object_or_404(lignes(entreprise_de(requete)), pk=cle)


def bouton(
    nom: str,
    lire: Callable[[Requete, Any], Any],
    service: Callable[..., object],
    suite: Callable[[Any], str],
    *,
    refuse: Callable[[Any], str] | None = None,
    fait: str = "",
    date: bool = False,
) -> Callable[..., HttpResponse]:
    """A button on one thing of the company: `lire` reads it by what its address names first.

    The service is told its key under `nom`, whose gesture it is, what else the address names, and with `date` when it
    came. `suite` and `refuse`: where the thing is then read.
    """

    def vue(requete: Requete, **adresse: Any) -> HttpResponse:
        ligne = lire(requete, adresse.pop(next(iter(adresse))))
        instant = {"recu_le": recu_le(requete)} if date else {}
        agir = partial(service, **{nom: ligne.pk}, auteur=auteur(requete.user), **instant, **adresse)
        return faire(requete, agir, suite(ligne), refuse=refuse(ligne) if refuse else "", fait=fait)

    return vue
