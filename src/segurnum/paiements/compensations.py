"""Keeping part of a payment to settle what the same company owes: the payment's side of it.

Called by `recouvrements.compensations`, in its transaction, which holds the request of the payment.
"""

from decimal import Decimal

from segurnum.comptes.auteurs import Auteur
from segurnum.paiements import cycle
from segurnum.paiements.models import Versement
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import GestePaiement
from segurnum.regles.erreurs import GesteImpossible


def imputer(*, versement: int, auteur: Auteur, montant: Decimal, motif: str) -> Versement:
    """Keep this amount (euros) on a payment that is not handed to the bank yet."""
    ligne = _pas_encore_paye(versement)
    pas = cycle.passage(ligne, GestePaiement.COMPENSER, auteur)
    if montant > ligne.net:
        raise GesteImpossible(
            f"Ce versement ne peut porter que {en_euros(ligne.net)} de compensation.", champ="montant"
        )
    ligne.compense += montant
    return cycle.franchir(ligne, pas, auteur, motif=motif)


def desimputer(*, versement: int, auteur: Auteur, montant: Decimal, motif: str) -> Versement:
    """Give back to a payment what had been kept on it, as long as it is not handed to the bank."""
    ligne = _pas_encore_paye(versement)
    pas = cycle.passage(ligne, GestePaiement.DECOMPENSER, auteur)
    ligne.compense -= montant
    return cycle.franchir(ligne, pas, auteur, motif=motif)


def _pas_encore_paye(versement: int) -> Versement:
    ligne = cycle.verrouiller(versement)
    if ligne.mis_en_paiement_le is not None:
        raise GesteImpossible("Ce versement est déjà mis en paiement : son montant ne change plus.")
    return ligne
