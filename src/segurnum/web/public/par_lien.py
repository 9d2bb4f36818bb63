"""What a mailed link opens without an account: pieces that are asked for, a new bank account to confirm (ENR-082).

The link of the pieces is kept by the browser's session as its digest, and judged at each gesture: replaced, closed or
expired, it opens nothing any more, and the page says what to do.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.comptes.auteurs import Auteur
from segurnum.coordonnees import banque, queries
from segurnum.enrolements import liens, services
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.models import Enrolement
from segurnum.kits.geste import faire, tenter
from segurnum.regles import secrets
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import bouton_public, formulaire_public, page_publique
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import JOUR
from segurnum.web.commun.enrolement import depot_pieces
from segurnum.web.commun.enrolement.depot_pieces import PIECE, Adresses

SESSION = "lien_depot_pieces"
PAGE = "public:deposer_pieces"

P = ParamSpec("P")


@page_publique
@never_cache
def ouvrir(requete: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: this browser now completes that request, at an address that says no secret."""
    empreinte = secrets.empreinte(secret)
    if liens.trouver(empreinte) is None:
        return _ferme(requete, None, statut=404)
    requete.session[SESSION] = empreinte
    return redirect(PAGE)


def par_le_lien(
    vue: Callable[Concatenate[HttpRequest, Enrolement, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the enrolment that the session's link still opens; else say why there is none."""

    @wraps(vue)
    def gardee(requete: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        ligne = liens.trouver(_lien(requete))
        if ligne is None or not liens.ouvre(ligne, recu_le(requete)):
            return _ferme(requete, ligne)
        return vue(requete, ligne, *args, **kwargs)

    return gardee


@formulaire_public("pieces-par-lien", 120)
@never_cache
@PIECE.recoit
@par_le_lien
def deposer(requete: HttpRequest, ligne: Enrolement) -> HttpResponse:
    """What the officer expects; choose a type, import the file, finish."""
    if requete.method == "POST":
        _, refus = tenter(liens.compter_un_import, ligne)
        if refus is not None:
            messages.error(requete, str(refus))
            return redirect(PAGE)
    adresses = Adresses(
        terminer=reverse("public:terminer_depot_pieces"),
        retour=reverse("public:accueil"),
        retirer=lambda piece: reverse("public:retirer_piece", args=[piece.pk]),
    )
    return depot_pieces.deposer(requete, ligne, adresses, DEMANDEUR, lien=_lien(requete))


def _geste(service: Callable[..., object], **fixe: Auteur) -> Callable[..., HttpResponse]:
    """A button of the page, for what its link opens."""

    @bouton_public("pieces-par-lien", 120)
    @par_le_lien
    def vue(requete: HttpRequest, ligne: Enrolement, /, **precise: int) -> HttpResponse:
        lien, instant = _lien(requete), recu_le(requete)
        agir = partial(service, enrolement=ligne.pk, lien=lien, recu_le=instant, **fixe, **precise)
        return faire(requete, agir, PAGE)

    return vue


retirer = _geste(services.retirer_piece, auteur=DEMANDEUR)
# « Terminer mon dépôt », confirmed on the page (ENR-085).
terminer = _geste(services.terminer_depot, auteur=DEMANDEUR)


@bouton_public("liens", 20, JOUR, quoi="liens")
def nouveau_lien(requete: HttpRequest) -> HttpResponse:
    """The link expired: another goes to the address that received it, and nowhere else."""
    ligne = liens.trouver(_lien(requete))
    if ligne is None:
        return _ferme(requete, None)
    return faire(requete, partial(liens.redemander, enrolement=ligne, auteur=DEMANDEUR), PAGE)


def _lien(requete: HttpRequest) -> str:
    return str(requete.session.get(SESSION, ""))


def _ferme(requete: HttpRequest, ligne: Enrolement | None, *, statut: int = 200) -> HttpResponse:
    """What became of the request, to who holds its link; nothing of it to anybody else."""
    expire = ligne is not None and liens.attend_des_pieces(ligne)
    return render(
        requete,
        "public/enrolement/depot_ferme.html",
        {"enrolement": ligne, "expire": expire},
        status=410 if expire else statut,
    )


CONTESTER = "contester"


@formulaire_public("confirmation-bancaire", 60)
@never_cache
def confirmer(requete: HttpRequest) -> HttpResponse:
    """Looking changes nothing: mail readers open links by themselves. A button answers, once."""
    contexte, statut = (_repondre if requete.method == "POST" else _lire)(requete)
    return render(requete, "public/confirmation_bancaire.html", contexte, status=statut)


def _lire(requete: HttpRequest) -> tuple[dict[str, object], int]:
    jeton = requete.GET.get("jeton", "")
    changement = queries.changement_par_jeton(jeton, recu_le=recu_le(requete))
    if changement is None:
        return {"refus": banque.LIEN_PERDU}, 410 if jeton else 200
    return {"changement": changement, "jeton": jeton}, 200


def _repondre(requete: HttpRequest) -> tuple[dict[str, object], int]:
    conteste = requete.POST.get("reponse") == CONTESTER
    repondre = banque.contester if conteste else banque.confirmer
    try:
        changement = repondre(jeton=requete.POST.get("jeton", ""), recu_le=recu_le(requete))
    except GesteImpossible as refus:
        return {"refus": str(refus)}, 410
    return {"reponse": changement, "conteste": conteste}, 200
