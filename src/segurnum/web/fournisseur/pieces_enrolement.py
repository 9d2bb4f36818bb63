"""Depositing what an enrolment still needs: extra pieces, or the certificates that finish it (ENR-082 to ENR-091)."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import services
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.fichiers import services as fichiers
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.enrolement.champs import piece_a_joindre
from segurnum.web.commun.televersement import dire_trop_gros, recoit, trop_gros
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.enrolements import enrolement_de
from segurnum.web.fournisseur.formulaires_enrolement import FormulairePieceDemandee, formulaires

PAGE = "fournisseur:deposer_pieces_enrolement"


@fournisseurs
@recoit(PIECE_FORMULAIRE.taille_max)
@deposants
@require_http_methods(["GET", "HEAD", "POST"])
def deposer(requete: Requete, enrolement: str) -> HttpResponse:
    """« Déposer des pièces jointes »: choose a type, import the file, finish."""
    ligne = enrolement_de(requete, enrolement)
    types = services.types_a_deposer(ligne)
    if not types:
        messages.info(
            requete,
            f"Aucune pièce n'est attendue : la demande est au statut « {ligne.statut_enum.libelle} ».",
        )
        return redirect("fournisseur:enrolement", enrolement)
    if requete.method != "POST":
        return _page(requete, ligne, formulaires(types))
    envoye = FormulairePieceDemandee.envoye(types, requete.POST, requete.FILES)
    if trop_gros(requete):
        dire_trop_gros(envoye, "fichier")
        return _page(requete, ligne, formulaires(types, envoye), statut=413)
    if envoye.is_valid():
        _importer(requete, ligne, envoye)
    if envoye.errors:
        return _page(requete, ligne, formulaires(types, envoye), statut=422)
    return redirect(PAGE, enrolement)


def _importer(requete: Requete, ligne: Enrolement, form: FormulairePieceDemandee) -> None:
    fichier = form.cleaned_data["fichier"]
    if not isinstance(fichier, UploadedFile):
        raise AssertionError("le fichier est obligatoire")
    piece = piece_a_joindre(form.champ_fichier, fichier)
    stocke = fichiers.deposer(flux=piece.flux, type_mime=piece.type_mime)
    try:
        services.ajouter_piece(
            enrolement=ligne.pk, piece=services.PieceRecue(form.type_choisi, piece.nom, stocke)
        )
    except GesteImpossible as refus:
        form.add_error("fichier", str(refus))
    else:
        messages.success(requete, f"Le fichier « {piece.nom} » est importé ({form.type_choisi.libelle}).")


def _page(
    requete: Requete, ligne: Enrolement, forms: list[FormulairePieceDemandee], *, statut: int = 200
) -> HttpResponse:
    nouvelles = list(ligne.pieces.filter(confirmee=False))
    contexte: dict[str, Any] = {
        "enrolement": ligne,
        "forms": forms,
        "nouvelles": nouvelles,
        "finalisation": ligne.statut_enum is StatutEnrolement.VALIDATION_PARTIELLE,
        "peut_terminer": _complet(ligne, {TypePiece(piece.type) for piece in nouvelles}),
        "taille_max": PIECE_FORMULAIRE.taille_max,
    }
    return render(requete, "fournisseur/enrolement/pieces.html", contexte, status=statut)


def _complet(ligne: Enrolement, nouvelles: set[TypePiece]) -> bool:
    """« Terminer mon dépôt » waits for everything that finishes an anticipated enrolment (ENR-090)."""
    if ligne.statut_enum is not StatutEnrolement.VALIDATION_PARTIELLE:
        return bool(nouvelles)
    attendues = services.types_a_deposer(ligne, heberge_donnees=TypePiece.HDS_CERTIFICAT in nouvelles)
    return nouvelles.issuperset(attendues)


@fournisseurs
@deposants
@require_POST
def retirer(requete: Requete, enrolement: str, piece: int) -> HttpResponse:
    ligne = enrolement_de(requete, enrolement)
    try:
        services.retirer_piece(enrolement=ligne.pk, piece=piece)
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    return redirect(PAGE, enrolement)


@fournisseurs
@deposants
@require_POST
def terminer(requete: Requete, enrolement: str) -> HttpResponse:
    """« Terminer mon dépôt », confirmed on the page (ENR-085, ENR-091)."""
    ligne = enrolement_de(requete, enrolement)
    try:
        ligne = services.terminer_depot(enrolement=ligne.pk, auteur=auteur(requete.user))
    except ValueError as refus:
        messages.error(requete, str(refus))
        return redirect(PAGE, enrolement)
    messages.success(
        requete,
        f"Votre dépôt est terminé : la demande {enrolement} est au statut « {ligne.statut_enum.libelle} ».",
    )
    return redirect("fournisseur:enrolement", enrolement)
