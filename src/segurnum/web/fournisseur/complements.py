"""Adding the pieces that the officer asked for (REQ-018, REQ-021, REQ-054)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE, extension
from segurnum.demandes import services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.queries import donnees_courantes
from segurnum.demandes.services import STATUTS_A_COMPLETER
from segurnum.regles.cycles import StatutDemande
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.consultation import recapitulatif, titre
from segurnum.web.commun.fichier_joint import controler, garder_sain
from segurnum.web.commun.televersement import dire_trop_gros, recoit, trop_gros
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.demandes import demande_de
from segurnum.web.fournisseur.formulaires import FormulairePiece

FORMATS = {"jpeg": "JPG"}


@fournisseurs
@recoit(PIECE_FORMULAIRE.taille_max)
@deposants
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_pieces(requete: Requete, numero: str) -> HttpResponse:
    demande = demande_de(requete, numero)
    if demande.statut_enum not in STATUTS_A_COMPLETER:
        messages.info(
            requete,
            f"Aucune pièce n'est attendue : la demande est au statut « {demande.statut_enum.libelle} ».",
        )
        return redirect("fournisseur:demande", numero)
    if requete.method != "POST":
        return _page(requete, demande, FormulairePiece(demande.type_enum))
    form = FormulairePiece(demande.type_enum, requete.POST, requete.FILES)
    if trop_gros(requete):
        dire_trop_gros(form, "fichier")
        return _page(requete, demande, form, statut=413)
    if form.is_valid():
        _ajouter(requete, demande, form)
    if form.errors:
        return _page(requete, demande, form, statut=422)
    return redirect("fournisseur:ajouter_pieces", numero)


def _ajouter(requete: Requete, demande: Demande, form: FormulairePiece) -> None:
    """Keep an accepted file; say on the field what is wrong with another."""
    fichier = form.cleaned_data["fichier"]
    try:
        controler(fichier, PIECE_FORMULAIRE)
        joint = garder_sain(fichier)
        services.ajouter_piece(
            demande=demande.pk,
            auteur=auteur(requete.user),
            nom=joint.nom,
            type_piece=form.cleaned_data["type_piece"],
            fichier=joint.fichier,
        )
    except ValidationError as refus:
        form.add_error("fichier", refus)
    except ValueError as refus:
        form.add_error("fichier", str(refus))


def _page(requete: Requete, demande: Demande, form: FormulairePiece, *, statut: int = 200) -> HttpResponse:
    contexte = {
        "demande": demande,
        "titre": titre(demande),
        "recapitulatif": recapitulatif(demande),
        "form": form,
        "pieces": demande.pieces.all(),
        "recentes": [piece.pk for piece in _ajoutees(demande)],
        "a_modifier": demande.statut_enum is StatutDemande.A_MODIFIER,
        "taille_max": PIECE_FORMULAIRE.taille_max,
    }
    return render(requete, "fournisseur/ajout.html", contexte, status=statut)


def _ajoutees(demande: Demande) -> list[PieceJustificative]:
    """The pieces added since the officer asked: they may still be removed."""
    return [
        piece
        for piece in demande.pieces.all()
        if piece.origine == PieceJustificative.Origine.COMPLEMENT
        and piece.depose_le is not None
        and piece.depose_le >= demande.statut_depuis
    ]


@fournisseurs
@deposants
@require_POST
def retirer_piece(requete: Requete, numero: str, piece: int) -> HttpResponse:
    demande = demande_de(requete, numero)
    try:
        services.retirer_piece(demande=demande.pk, piece=piece)
    except ValueError as refus:
        messages.error(requete, str(refus))
    return redirect("fournisseur:ajouter_pieces", numero)


@fournisseurs
@deposants
@require_POST
def valider_ajout(requete: Requete, numero: str) -> HttpResponse:
    """Send the request back to instruction with what was added."""
    demande = demande_de(requete, numero)
    ajoutees = _ajoutees(demande)
    if not ajoutees:
        messages.error(requete, "Ajoutez au moins une pièce avant de valider votre ajout.")
        return redirect("fournisseur:ajouter_pieces", numero)
    try:
        if demande.statut_enum is StatutDemande.A_MODIFIER:
            services.confirmer_modification(
                demande=demande.pk, auteur=auteur(requete.user), donnees=_avec_pieces(demande, ajoutees)
            )
        else:
            services.valider_ajout(demande=demande.pk, auteur=auteur(requete.user))
    except ValueError as refus:
        messages.error(requete, str(refus))
        return redirect("fournisseur:ajouter_pieces", numero)
    messages.success(requete, "Votre ajout est validé : la demande est de nouveau en cours d'instruction.")
    return redirect("fournisseur:demande", numero)


def _avec_pieces(demande: Demande, ajoutees: list[PieceJustificative]) -> dict[str, Any]:
    """What is declared, with the added pieces announced as the file would have."""
    donnees = donnees_courantes(demande)
    annonces = [
        {
            "nomFichier": piece.nom,
            "formatFichier": FORMATS.get(suffixe := extension(piece.nom), suffixe.upper()),
            "typeFichier": piece.type,
        }
        for piece in ajoutees
    ]
    return donnees | {"piecesJustificatives": [*donnees["piecesJustificatives"], *annonces]}


@fournisseurs
@deposants
@require_POST
def ne_pas_modifier(requete: Requete, numero: str) -> HttpResponse:
    demande = demande_de(requete, numero)
    try:
        services.ne_pas_modifier(demande=demande.pk, auteur=auteur(requete.user))
    except ValueError as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, "La demande est de nouveau en cours d'instruction, sans modification.")
    return redirect("fournisseur:demande", numero)
