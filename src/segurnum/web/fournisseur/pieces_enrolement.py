"""Depositing what an enrolment still needs: extra pieces, or the certificates that finish it (ENR-082 to ENR-091)."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.enrolements import services
from segurnum.enrolements.models import Enrolement
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.documents import piece_d_enrolement
from segurnum.web.commun.enrolement.depot_pieces import PIECE, Adresses, Formulaires, contexte, importer
from segurnum.web.commun.enrolement.piece_demandee import formulaires
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.telechargements import offrir
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.enrolements import adresse_piece, enrolement_de
from segurnum.web.kits.geste import faire

PAGE = "fournisseur:deposer_pieces_enrolement"


@fournisseurs
@PIECE.recoit
@deposants
@limite("pieces", ENTREPRISE, 600, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def deposer(requete: Requete, enrolement: str) -> HttpResponse:
    """« Déposer des pièces jointes »: choose a type, import the file, finish."""
    ligne = enrolement_de(requete, enrolement)
    types = services.types_a_deposer(ligne)
    if not types:
        messages.info(
            requete,
            f"Aucune pièce n'est attendue : la demande est au statut « {ligne.statut.libelle} ».",
        )
        return redirect("fournisseur:enrolement", enrolement)
    if requete.method != "POST":
        return _page(requete, ligne, formulaires(types))
    forms, statut = importer(requete, ligne, types, auteur(requete.user))
    return redirect(PAGE, enrolement) if statut == 302 else _page(requete, ligne, forms, statut=statut)


def _page(requete: Requete, ligne: Enrolement, forms: Formulaires, *, statut: int = 200) -> HttpResponse:
    numero = ligne.numero
    adresses = Adresses(
        terminer=reverse("fournisseur:terminer_depot_enrolement", args=[numero]),
        retour=reverse("fournisseur:enrolements"),
        retirer=lambda piece: reverse("fournisseur:retirer_piece_enrolement", args=[numero, piece.pk]),
        lire=lambda piece: offrir(requete, piece_d_enrolement(piece), adresse_piece(piece)),
    )
    return render(
        requete, "fournisseur/enrolement/pieces.html", contexte(ligne, adresses, forms), status=statut
    )


@fournisseurs
@deposants
@require_POST
def retirer(requete: Requete, enrolement: str, piece: int) -> HttpResponse:
    ligne = enrolement_de(requete, enrolement)
    retrait = partial(
        services.retirer_piece,
        enrolement=ligne.pk,
        auteur=auteur(requete.user),
        piece=piece,
        recu_le=recu_le(requete),
    )
    return faire(requete, retrait, reverse(PAGE, args=[enrolement]))


@fournisseurs
@deposants
@require_POST
def terminer(requete: Requete, enrolement: str) -> HttpResponse:
    """« Terminer mon dépôt », confirmed on the page (ENR-085, ENR-091)."""
    ligne = enrolement_de(requete, enrolement)

    def agir() -> str:
        finie = services.terminer_depot(
            enrolement=ligne.pk, auteur=auteur(requete.user), recu_le=recu_le(requete)
        )
        statut = finie.statut.libelle
        return f"Votre dépôt est terminé : la demande {enrolement} est au statut « {statut} »."

    suite, refuse = reverse("fournisseur:enrolement", args=[enrolement]), reverse(PAGE, args=[enrolement])
    return faire(requete, agir, suite, refuse=refuse)
