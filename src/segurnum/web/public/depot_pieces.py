"""Answering a request of pieces without an account, by the link of its mail (ENR-082 to ENR-086).

The link is kept by the browser's session as its digest, and judged at each gesture: replaced, closed or expired, it
opens nothing any more, and the page says what to do.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.enrolements import liens, services
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.models import Enrolement
from segurnum.limites import services as limites
from segurnum.limites.phrases import a_partir_de
from segurnum.regles import secrets
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.enrolement.depot_pieces import PIECE, Adresses, Formulaires, contexte, importer
from segurnum.web.commun.enrolement.piece_demandee import formulaires
from segurnum.web.commun.limites import ADRESSE, HEURE, JOUR, limite
from segurnum.web.kits.geste import faire

SESSION = "lien_depot_pieces"
PAGE = "public:deposer_pieces"
IMPORTS_PAR_JOUR = 60
ENVOIS_PAR_JOUR = 3

P = ParamSpec("P")


@login_not_required
@never_cache
@require_safe
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


@login_not_required
@never_cache
@PIECE.recoit
@limite("pieces-par-lien", ADRESSE, 120, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
@par_le_lien
def deposer(requete: HttpRequest, ligne: Enrolement) -> HttpResponse:
    """What the officer expects; choose a type, import the file, finish."""
    types = services.types_a_deposer(ligne)
    if requete.method != "POST":
        return _page(requete, ligne, formulaires(types))
    libre_le = limites.compter(f"depot-pieces:{ligne.pk}", maximum=IMPORTS_PAR_JOUR, duree=JOUR)
    if libre_le is not None:
        messages.error(
            requete,
            f"{IMPORTS_PAR_JOUR} fichiers ont été envoyés en un jour : recommencez {a_partir_de(libre_le)}, ou "
            "contactez l'assistance.",
        )
        return redirect(PAGE)
    forms, statut = importer(requete, ligne, types, DEMANDEUR, lien=_lien(requete))
    return redirect(PAGE) if statut == 302 else _page(requete, ligne, forms, statut=statut)


@login_not_required
@limite("pieces-par-lien", ADRESSE, 120, HEURE)
@require_POST
@par_le_lien
def retirer(requete: HttpRequest, ligne: Enrolement, piece: int) -> HttpResponse:
    lien, instant = _lien(requete), recu_le(requete)
    return faire(
        requete,
        partial(
            services.retirer_piece,
            enrolement=ligne.pk,
            auteur=DEMANDEUR,
            piece=piece,
            lien=lien,
            recu_le=instant,
        ),
        PAGE,
    )


@login_not_required
@limite("pieces-par-lien", ADRESSE, 120, HEURE)
@require_POST
@par_le_lien
def terminer(requete: HttpRequest, ligne: Enrolement) -> HttpResponse:
    """« Terminer mon dépôt », confirmed on the page (ENR-085)."""
    lien, instant = _lien(requete), recu_le(requete)
    return faire(
        requete,
        partial(services.terminer_depot, enrolement=ligne.pk, auteur=DEMANDEUR, lien=lien, recu_le=instant),
        PAGE,
    )


@login_not_required
@limite("liens", ADRESSE, 20, JOUR, quoi="liens")
@require_POST
def nouveau_lien(requete: HttpRequest) -> HttpResponse:
    """The link expired: another goes to the address that received it, and nowhere else."""
    ligne = liens.trouver(_lien(requete))
    if ligne is None:
        return _ferme(requete, None)
    libre_le = limites.compter(f"lien-pieces:{ligne.pk}", maximum=ENVOIS_PAR_JOUR, duree=JOUR)
    if libre_le is not None:
        messages.error(
            requete,
            f"{ENVOIS_PAR_JOUR} liens ont été envoyés en un jour : recommencez {a_partir_de(libre_le)}.",
        )
        return redirect(PAGE)
    renvoi = partial(liens.renvoyer, enrolement=ligne.pk, auteur=DEMANDEUR)
    return faire(
        requete, renvoi, PAGE, fait="Un nouveau lien vient d'être envoyé à l'adresse de votre demande."
    )


def _lien(requete: HttpRequest) -> str:
    return str(requete.session.get(SESSION, ""))


def _page(requete: HttpRequest, ligne: Enrolement, forms: Formulaires, *, statut: int = 200) -> HttpResponse:
    adresses = Adresses(
        terminer=reverse("public:terminer_depot_pieces"),
        retour=reverse("public:accueil"),
        retirer=lambda piece: reverse("public:retirer_piece", args=[piece.pk]),
    )
    return render(
        requete, "public/enrolement/depot_pieces.html", contexte(ligne, adresses, forms), status=statut
    )


def _ferme(requete: HttpRequest, ligne: Enrolement | None, *, statut: int = 200) -> HttpResponse:
    """What became of the request, to who holds its link; nothing of it to anybody else."""
    expire = ligne is not None and liens.attend_des_pieces(ligne)
    return render(
        requete,
        "public/enrolement/depot_ferme.html",
        {"enrolement": ligne, "expire": expire},
        status=410 if expire else statut,
    )
