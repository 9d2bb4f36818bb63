"""What the officers' pages are given: the request shaped as the supplier sees it, and what only officers see."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.permissions import MEME_PERSONNE
from segurnum.demandes.queries import visibles_des_agents
from segurnum.editorial.permissions import peut_rediger
from segurnum.editorial.queries import tickets_sur
from segurnum.fichiers.documents import Genre
from segurnum.journal.queries import evenements_de
from segurnum.paiements.queries import decision_de, enveloppes_de
from segurnum.regles.cycles import StatutDemande
from segurnum.web.commun.acces import Requete
from segurnum.web.commun.blocs import Adresses
from segurnum.web.commun.consultation import Consultation, consulter
from segurnum.web.commun.documents import piece_de_demande
from segurnum.web.commun.entrees import entier
from segurnum.web.commun.iban import comptes_lus
from segurnum.web.commun.versions import historique
from segurnum.web.gestion import catalogue, file
from segurnum.web.gestion.attente import Budget
from segurnum.web.gestion.banque import adresse_iban
from segurnum.web.gestion.chronologie import chronologie
from segurnum.web.gestion.formulaires import ChampMontant
from segurnum.web.gestion.montants import Montants, montants_de
from segurnum.web.gestion.pieces import Piece, visionneuse
from segurnum.web.kits.geste import AUCUN_REFUS, Geste, Refus, des_gestes, identifiants, proposer

DERNIERS_EVENEMENTS = 5


def contexte(requete: Requete, demande: Demande, refus: Refus = AUCUN_REFUS) -> dict[str, Any]:
    """Everything that the page of a request shows, in a number of statements that does not grow with it."""
    filtre = file.Filtre.lire(requete.GET, requete.user.profil)
    montants = montants_de(demande, retenu=_retenu(requete, refus))
    proposes = proposer(
        catalogue.permis(requete.user, demande), refus, lambda geste: _vierge(requete, geste, montants)
    )
    dossier = demande.dossier
    return {
        "consultation": _consultation(requete, demande),
        "demande": demande,
        "marque": refus.vue or catalogue.marque(demande),
        "filtre": filtre,
        "suivante": file.suivante(filtre, demande),
        "montants": montants,
        "valider": proposes.pop("valider", None),
        "decider": proposes.pop("decider", None),
        **des_gestes(proposes, refus),
        "empechement": _empechement(requete, demande),
        "budget": _budget(demande),
        "decision": decision_de(demande),
        **pieces_a_lire(requete, demande),
        "avenants": _avenants(demande),
        "annuaire": _annuaire(requete, demande),
        "derniere_version": historique(demande)[0],
        "tickets": tickets_sur(demande.numero) if peut_rediger(requete.user) else (),
        "moments": chronologie(evenements_de(dossier.chaine), dossier.numero)[:DERNIERS_EVENEMENTS],
    }


def _consultation(requete: Requete, demande: Demande) -> Consultation:
    try:
        return consulter(
            demande,
            adresses=_adresses(demande),
            parametres=requete.GET,
            iban=lambda compte: comptes_lus(requete, [compte], adresse_iban)[compte.pk],
            rang=entier(requete.GET.get("version")),
        )
    except LookupError as absente:
        raise Http404(str(absente)) from absente


def _adresses(demande: Demande) -> Adresses:
    return Adresses(
        piece=lambda piece: _adresse(piece, demande),
        avis=lambda versement: reverse("gestion:avis", args=[versement.pk]),
    )


def _adresse(piece: PieceJustificative, demande: Demande) -> str:
    numero = demande.numero if piece.demande_id == demande.pk else piece.demande.numero
    return reverse("gestion:piece", args=[numero, piece.pk])


def _retenu(requete: Requete, refus: Refus) -> Decimal | None:
    """The amount to compute with: the one being typed, if it can be read."""
    texte = requete.GET.get("retenu", "")
    if refus.formulaire is not None and refus.geste == "valider":
        texte = refus.formulaire.data.get("retenu", "")
    try:
        montant: Decimal | None = ChampMontant(required=False).clean(texte)
    except forms.ValidationError:
        return None
    return montant


def _vierge(requete: Requete, geste: Geste[Demande], montants: Montants) -> forms.Form:
    """Nothing typed yet, save the amount to compute with: what is wrong with it is said beside its field."""
    if geste.code != "valider":
        return geste.vierge()
    ids = identifiants(geste.code)
    if not requete.GET.get("retenu"):
        return geste.formulaire(initial={"retenu": montants.maximum}, auto_id=ids)
    saisi = geste.formulaire(requete.GET, auto_id=ids)
    if saisi.is_valid() and montants.refus:
        saisi.add_error("retenu", montants.refus)
    return saisi


def _empechement(requete: Requete, demande: Demande) -> str:
    """Why a decider sees no button on what waits for a decision."""
    attend = demande.statut is StatutDemande.VALIDEE and requete.user.profil == Profil.DECIDEUR
    if attend and demande.valideur_id == requete.user.pk:
        return MEME_PERSONNE
    return ""


def _budget(demande: Demande) -> Budget | None:
    """The envelope that a decision would draw on; None when there is none, or nothing to decide."""
    if demande.statut is not StatutDemande.VALIDEE:
        return None
    enveloppe = enveloppes_de(demande.dsr).first()
    return Budget(enveloppe) if enveloppe else None


def pieces_a_lire(requete: Requete, demande: Demande) -> dict[str, Any]:
    """The reading column, in the order of the consultation; and the decision letter, if there is one."""
    pieces = [
        Piece(piece.pk, piece.nom, piece_de_demande(piece), _adresse(piece, demande))
        for piece in demande.pieces.all()
    ]
    lue = visionneuse(requete, pieces, reverse("gestion:demande", args=[demande.numero]))
    lettres = (
        ligne
        for piece, ligne in zip(pieces, lue.pieces, strict=True)
        if piece.document.genre is Genre.LETTRE and ligne.adresse
    )
    return {"visionneuse": lue, "lettre": next(lettres, None)}


def _annuaire(requete: Requete, demande: Demande) -> str:
    """Where the counts of this request come from, address by address; empty when nothing is counted for it."""
    if not demande.couloir.par_formulaire or not peut_rediger(requete.user):
        return ""
    if not demande.couloir.formulaire(demande.type).comptes:
        return ""
    numero_ans = demande.dossier.enrolement.referencement.numero_ans
    return reverse("gestion:annuaire_operateur", args=[numero_ans])


def _avenants(demande: Demande) -> list[Demande]:
    """The requests that share this number, when it was cancelled; empty otherwise."""
    avenants = list(visibles_des_agents().filter(numero=demande.numero).order_by("-pk"))
    return avenants if len(avenants) > 1 else []
