"""What each gesture of money writes in the ledger, in its transaction."""

from segurnum.comptes.auteurs import Auteur
from segurnum.grand_livre.plan import Operation
from segurnum.grand_livre.services import Ligne, ecrire
from segurnum.paiements.models import Decision, Versement


def sur_decision(decision: Decision, operation: Operation, auteur: Auteur) -> None:
    """What happens to the whole of what was decided: its commitment, its cancellation."""
    ligne = Ligne(
        operation=operation,
        montant=decision.montant,
        enveloppe=decision.enveloppe_id,
        demande=decision.demande,
    )
    instant = decision.prise_le if operation is Operation.ENGAGEMENT else None
    ecrire(lignes=[ligne], auteur=auteur, instant=instant)


def sur_versement(versement: Versement, operation: Operation, auteur: Auteur) -> None:
    ligne = Ligne(
        operation=operation,
        montant=versement.montant_decide,
        enveloppe=versement.decision.enveloppe_id,
        demande=versement.decision.demande,
        versement=versement.pk,
    )
    instant = versement.mis_en_paiement_le if operation is Operation.MISE_EN_PAIEMENT else None
    ecrire(lignes=[ligne], auteur=auteur, instant=instant)
