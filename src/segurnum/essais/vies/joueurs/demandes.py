"""How a request is completed, instructed, decided and given up."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes import incompletes, octrois, retours
from segurnum.demandes import services as demandes
from segurnum.demandes.creation import Declaration
from segurnum.demandes.models import PieceJustificative
from segurnum.essais.vies.gestes import joue, motif
from segurnum.essais.vies.monde import BENEFICIAIRES, Monde
from segurnum.essais.vies.tirage import Tirage
from segurnum.paiements import services as paiements
from segurnum.recouvrements import soldes
from segurnum.regles import calendrier
from segurnum.regles.cycles import EtatPaiement, GesteDemande, StatutOctroi

# Euros HT: one cent, halves of cents once multiplied, under, at and above the ceiling.
MONTANTS = tuple(map(Decimal, ("9000.00", "3333.33", "0.01", "1000.05", "12000.00", "48000.00")))


@joue(GesteDemande.COMPLETER, poids=6)
def _completer(monde: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    """The pieces come, or not."""
    if tirage.parmi((True, True, True, True, False)):
        PieceJustificative.objects.filter(demande=demande.pk, fichier=None).update(
            fichier=monde.piece, depose_le=calendrier.maintenant()
        )
    incompletes.completer(demandes=[demande.pk], auteur=qui)


@joue(GesteDemande.SUPPRIMER)
def _supprimer(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    incompletes.supprimer(demandes=[demande.pk], auteur=qui)


@joue(GesteDemande.REMPLACER)
def _remplacer(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    incompletes.ceder_la_place(demande=demande.pk, auteur=qui, noter=list)


@joue(GesteDemande.DEMANDER_PIECE)
def _demander_piece(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    demandes.demander_piece(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.AJOUTER_PIECE)
def _ajouter_piece(monde: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    if tirage.parmi((True, False)):
        nom = f"ajout-{tirage.parmi(range(50))}.pdf"
        demandes.ajouter_piece(
            demande=demande.pk, auteur=qui, nom=nom, type_piece="AUTRE", fichier=monde.piece
        )
    demandes.valider_ajout(demande=demande.pk, auteur=qui)


@joue(GesteDemande.DEMANDER_MODIFICATION)
def _demander_modification(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    demandes.demander_modification(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.CONFIRMER_MODIFICATION)
def _confirmer_modification(monde: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    """Another amount, and perhaps another beneficiary."""
    enrolement = next(un for un in monde.enrolements if un.entreprise_id == demande.entreprise_id)
    montant = tirage.parmi(MONTANTS)
    donnees = monde.donnees(
        enrolement, demande.type, identifiant=tirage.parmi(BENEFICIAIRES), montant=montant
    )
    demandes.confirmer_modification(
        demande=demande.pk,
        auteur=qui,
        declaration=Declaration(donnees=donnees, montant_declare=montant, taux_tva=demande.taux_tva),
    )


@joue(GesteDemande.NE_PAS_MODIFIER)
def _ne_pas_modifier(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    demandes.ne_pas_modifier(demande=demande.pk, auteur=qui)


@joue(GesteDemande.RETIRER_ATTENTE, poids=2)
def _ne_plus_attendre(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    retours.ne_plus_attendre(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.AVANCER_ECHEANCE)
def _avancer_echeance(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    jours = tirage.parmi((2, 5, 1, 0, 400))
    jour = calendrier.jour_de_paris(calendrier.maintenant()) + timedelta(days=jours)
    retours.avancer_echeance(demande=demande.pk, auteur=qui, motif=motif(tirage), jour=jour)


@joue(GesteDemande.OCTROYER, quand=lambda une: une.octroi is None)
def _octroyer(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    part = tirage.parmi((Decimal(1), Decimal("0.5"), Decimal(2)))
    montant = (demande.montant_declare * part).quantize(Decimal("0.01"))
    octrois.octroyer(demande=demande.pk, auteur=qui, montant=montant, motif=motif(tirage))


@joue(GesteDemande.APPROUVER_OCTROI, poids=4, quand=lambda une: une.octroi == StatutOctroi.PROPOSE)
def _approuver_octroi(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    octrois.approuver(demande=demande.pk, auteur=qui)


@joue(GesteDemande.ECARTER_OCTROI, quand=lambda une: une.octroi is not None)
def _ecarter_octroi(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    octrois.ecarter(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.VALIDER, poids=6, quand=lambda une: une.octroi != StatutOctroi.PROPOSE)
def _valider(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    retenu = tirage.parmi((None, None, None, None, Decimal("0.01"), Decimal("2500.55"), Decimal("99999.00")))
    demandes.valider(demande=demande.pk, auteur=qui, retenu_ht=retenu, motif=motif(tirage))


@joue(GesteDemande.DECIDER, poids=6, quand=lambda une: (une.montant_decide or 0) > 0)
def _decider(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    paiements.decider(demande=demande.pk, auteur=qui)


@joue(GesteDemande.CLORE_SANS_VERSEMENT, poids=6, quand=lambda une: (une.montant_decide or 0) <= 0)
def _clore_sans_versement(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    soldes.clore_sans_versement(demande=demande.pk, auteur=qui)


@joue(GesteDemande.REPRENDRE_VALIDATION)
def _reprendre_validation(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    retours.reprendre_validation(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.RENVOYER)
def _renvoyer(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    retours.renvoyer(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.REFUSER)
def _refuser(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    retours.refuser(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.REJETER)
def _rejeter(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    demandes.rejeter(demande=demande.pk, auteur=qui, motif=motif(tirage))


@joue(GesteDemande.ANNULER, quand=lambda une: une.etat_paiement is not EtatPaiement.EFFECTUE)
def _annuler(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    paiements.annuler(demande=demande.pk, auteur=qui, motif=motif(tirage))
