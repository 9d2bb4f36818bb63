"""What each gesture of money writes in the ledger, in its transaction."""

from decimal import Decimal

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


def paiement(versement: Versement, auteur: Auteur) -> None:
    """What the bank paid, and beside it what was kept to settle a recovery order."""
    ecrire(
        lignes=_en_deux(versement, Operation.PAIEMENT, Operation.COMPENSATION_VERSEE),
        auteur=auteur,
    )


def retour(versement: Versement, auteur: Auteur) -> None:
    """All of it is to be issued again: what came back, and what had been kept."""
    ecrire(
        lignes=_en_deux(versement, Operation.RETOUR_TARDIF, Operation.COMPENSATION_RENDUE),
        auteur=auteur,
    )


def _en_deux(versement: Versement, net: Operation, compense: Operation) -> list[Ligne]:
    parts = ((net, versement.net), (compense, versement.compense))
    return [_ligne(versement, operation, montant) for operation, montant in parts if montant > 0]


def _ligne(versement: Versement, operation: Operation, montant: Decimal) -> Ligne:
    return Ligne(
        operation=operation,
        montant=montant,
        enveloppe=versement.decision.enveloppe_id,
        demande=versement.decision.demande,
        versement=versement.pk,
    )


def sur_versement(versement: Versement, operation: Operation, auteur: Auteur) -> None:
    ligne = _ligne(versement, operation, versement.montant_decide)
    instant = versement.mis_en_paiement_le if operation is Operation.MISE_EN_PAIEMENT else None
    ecrire(lignes=[ligne], auteur=auteur, instant=instant)
