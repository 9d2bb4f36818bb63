"""Who may act, among those who may look."""

from functools import wraps
from typing import Any, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import render

from segurnum.coordonnees.permissions import peut_modifier
from segurnum.demandes.permissions import peut_deposer
from segurnum.seuil.acces import Requete, Vue, VueGardee, entreprise_de

P = ParamSpec("P")


def deposants(vue: Vue[P]) -> VueGardee[P]:
    """Readers look at the pages and send nothing."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if requete.method == "POST" and not peut_deposer(requete.user):
            raise PermissionDenied(
                "Votre rôle de lecteur ne permet pas cette action : demandez-la à un administrateur ou à un "
                "déposant de votre entreprise."
            )
        return vue(requete, *args, **kwargs)

    return gardee


def pour_cette_entreprise(vue: Vue[P]) -> VueGardee[P]:
    """A form acts for the company of its page: once another was chosen, in another tab, it does nothing (409).

    The page says which by `fournisseur/entreprise_de_la_page.html`.
    """

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        entreprise = entreprise_de(requete)
        if requete.method == "POST" and requete.POST.get("entreprise") != str(entreprise.pk):
            contexte = {"entreprise": entreprise}
            return render(requete, "fournisseur/autre_entreprise.html", contexte, status=409)
        return vue(requete, *args, **kwargs)

    return gardee


def responsables(vue: Vue[P]) -> VueGardee[P]:
    """Everybody in the company looks; only its administrators change who stands for it and where its money goes."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if requete.method == "POST":
            exiger_responsable(requete)
        return vue(requete, *args, **kwargs)

    return gardee


def exiger_responsable(requete: Requete) -> None:
    if not peut_modifier(requete.user):
        raise PermissionDenied(
            "Cette action est réservée aux administrateurs de votre entreprise : demandez-la à l'un d'eux."
        )
