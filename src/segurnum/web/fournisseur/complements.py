"""Adding the pieces that the officer asked for (REQ-018, REQ-021, REQ-054, MOD-025, MOD-026)."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.depots.modifications import pieces_ajoutees as recentes
from segurnum.regles.cycles import StatutDemande
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.blocs.consultee import Consultee
from segurnum.web.commun.blocs.pieces import pieces as lignes_de_pieces
from segurnum.web.commun.consultation import recapitulatif, titre, version_actuelle
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.demandes import adresses, demande_de
from segurnum.web.fournisseur.pieces_ajoutees import PIECE, FormulairePiece, ajouter
from segurnum.web.kits.geste import faire
from segurnum.web.kits.televersement import statut_du_refus


@fournisseurs
@PIECE.recoit
@deposants
@limite("pieces", ENTREPRISE, 600, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_pieces(requete: Requete, numero: str) -> HttpResponse:
    demande = demande_de(requete, numero)
    if demande.statut is StatutDemande.A_MODIFIER:
        return redirect("fournisseur:modifier", numero)
    if demande.statut is not StatutDemande.EN_ATTENTE_PIECE:
        messages.info(
            requete,
            f"Aucune pièce n'est attendue : la demande est au statut « {demande.statut.libelle} ».",
        )
        return redirect("fournisseur:demande", numero)
    if requete.method != "POST":
        return _page(requete, demande, FormulairePiece(demande))
    form = FormulairePiece(demande, requete.POST, requete.FILES)
    if ajouter(requete, demande, form, auteur(requete.user)):
        return redirect("fournisseur:ajouter_pieces", numero)
    return _page(requete, demande, form, statut=statut_du_refus(requete))


def _page(requete: Requete, demande: Demande, form: FormulairePiece, *, statut: int = 200) -> HttpResponse:
    consultee = Consultee(demande, version_actuelle(demande), adresses(demande), requete.GET)
    contexte = {
        "demande": demande,
        "action": "Déposer une pièce complémentaire",
        "titre": titre(demande),
        "recapitulatif": recapitulatif(demande),
        "form": form,
        "pieces": lignes_de_pieces(consultee),
        "recentes": [piece.pk for piece in recentes(demande)],
    }
    return render(requete, "fournisseur/ajout.html", contexte, status=statut)


@fournisseurs
@deposants
@require_POST
def retirer_piece(requete: Requete, numero: str, piece: int) -> HttpResponse:
    demande = demande_de(requete, numero)
    retrait = partial(services.retirer_piece, demande=demande.pk, piece=piece, recu_le=recu_le(requete))
    return faire(requete, retrait, reverse("fournisseur:ajouter_pieces", args=[numero]))


@fournisseurs
@deposants
@require_POST
def valider_ajout(requete: Requete, numero: str) -> HttpResponse:
    """Send the request back to instruction with what was added."""
    demande = demande_de(requete, numero)
    return faire(
        requete,
        partial(services.valider_ajout, demande=demande.pk, auteur=auteur(requete.user)),
        reverse("fournisseur:demande", args=[numero]),
        fait="Votre ajout est validé : la demande est de nouveau en cours d'instruction.",
        refuse=reverse("fournisseur:ajouter_pieces", args=[numero]),
    )
