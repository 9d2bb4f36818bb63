"""What each gesture on a recovery order writes in the ledger, in its transaction.

Entries are of the request whose payment is recovered, even when the overpayment is seen from its solde.
"""

from decimal import Decimal

from segurnum.comptes.auteurs import Auteur
from segurnum.grand_livre.plan import Compte, Operation
from segurnum.grand_livre.queries import solde_de
from segurnum.grand_livre.services import Ligne, ecrire
from segurnum.recouvrements.models import Recouvrement


def ordre(ligne: Recouvrement, auteur: Auteur) -> None:
    """What is asked back was paid by the bank, or kept on a payment: the first is taken before the second."""
    paye = min(ligne.montant, solde_de(ligne.decision.demande_id, Compte.PAYE))
    parts = ((Operation.ORDRE, paye), (Operation.ORDRE_SUR_COMPENSE, ligne.montant - paye))
    ecrire(lignes=[_ligne(ligne, quoi, montant) for quoi, montant in parts if montant > 0], auteur=auteur)


def reglement(ligne: Recouvrement, operation: Operation, montant: Decimal, auteur: Auteur) -> None:
    """Money that came in, was kept on a payment or given back to it; what is given up."""
    ecrire(lignes=[_ligne(ligne, operation, montant)], auteur=auteur)


def _ligne(ligne: Recouvrement, operation: Operation, montant: Decimal) -> Ligne:
    return Ligne(
        operation=operation,
        montant=montant,
        enveloppe=ligne.decision.enveloppe_id,
        demande=ligne.decision.demande,
        reference=ligne.nom,
    )
