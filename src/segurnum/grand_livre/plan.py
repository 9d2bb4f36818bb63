"""The plan of accounts, and what each operation moves: the one place where both are said.

Money goes from account to account, as it does in the life of a request. An operation has one account that it
debits (where the money comes to) and one that it credits (where it comes from), so that no entry can be unbalanced.
"""

from dataclasses import dataclass

from segurnum.regles.cycles import EnumLibelle


class Compte(EnumLibelle):
    """Where the money is. The numbers are this portal's own."""

    DOTATION = "100", "Dotations reçues"
    DISPONIBLE = "200", "Crédits disponibles"
    ENGAGE = "300", "Engagé : décidé, à mettre en paiement"
    EN_PAIEMENT = "400", "Remis à la banque"
    REJETE = "450", "Rejeté par la banque, à réémettre"
    PAYE = "500", "Versé aux fournisseurs"
    COMPENSE = "550", "Versé par compensation"
    A_RECOUVRER = "600", "À recouvrer"

    @property
    def intitule(self) -> str:
        return f"{self.value} {self.libelle}"


class Operation(EnumLibelle):
    """What happened to the money."""

    # Envelopes
    CREDIT = "CREDIT", "Crédits ouverts"
    REDUCTION = "REDUCTION", "Crédits réduits"
    # Decisions and payments
    ENGAGEMENT = "ENGAGEMENT", "Décision"
    MISE_EN_PAIEMENT = "MISE_EN_PAIEMENT", "Mise en paiement"
    PAIEMENT = "PAIEMENT", "Virement constaté"
    REJET = "REJET", "Rejet de la banque"
    REJET_SANS_REMISE = "REJET_SANS_REMISE", "Rejet avant la remise à la banque"
    RETOUR_TARDIF = "RETOUR_TARDIF", "Retour tardif de la banque"
    REEMISSION = "REEMISSION", "Réémission"
    ANNULATION = "ANNULATION", "Annulation"
    ANNULATION_DE_REJETE = "ANNULATION_DE_REJETE", "Annulation d'un paiement rejeté"
    # What was paid in excess. The envelope is credited when the money comes, not when it is asked for.
    ORDRE = "ORDRE", "Ordre de recouvrement"
    ORDRE_ANNULE = "ORDRE_ANNULE", "Annulation d'un ordre de recouvrement"
    REMBOURSEMENT = "REMBOURSEMENT", "Remboursement reçu"
    # An offset is two entries of one amount: the payment that is reduced, and the order that it repays.
    COMPENSATION_VERSEE = "COMPENSATION_VERSEE", "Compensation : retenue sur un paiement"
    COMPENSATION_RECUE = "COMPENSATION_RECUE", "Compensation : ordre remboursé"
    COMPENSATION_RETIREE = "COMPENSATION_RETIREE", "Compensation retirée : l'ordre est dû"
    COMPENSATION_RENDUE = "COMPENSATION_RENDUE", "Compensation reportée sur la réémission"
    ORDRE_SUR_COMPENSE = "ORDRE_SUR_COMPENSE", "Ordre de recouvrement de ce qui a été compensé"


@dataclass(frozen=True)
class Mouvement:
    debit: Compte
    credit: Compte


_C, _O = Compte, Operation

PLAN: dict[Operation, Mouvement] = {
    _O.CREDIT: Mouvement(_C.DISPONIBLE, _C.DOTATION),
    _O.REDUCTION: Mouvement(_C.DOTATION, _C.DISPONIBLE),
    _O.ENGAGEMENT: Mouvement(_C.ENGAGE, _C.DISPONIBLE),
    _O.MISE_EN_PAIEMENT: Mouvement(_C.EN_PAIEMENT, _C.ENGAGE),
    _O.PAIEMENT: Mouvement(_C.PAYE, _C.EN_PAIEMENT),
    _O.REJET: Mouvement(_C.REJETE, _C.EN_PAIEMENT),
    _O.REJET_SANS_REMISE: Mouvement(_C.REJETE, _C.ENGAGE),
    _O.RETOUR_TARDIF: Mouvement(_C.REJETE, _C.PAYE),
    _O.REEMISSION: Mouvement(_C.ENGAGE, _C.REJETE),
    _O.ANNULATION: Mouvement(_C.DISPONIBLE, _C.ENGAGE),
    _O.ANNULATION_DE_REJETE: Mouvement(_C.DISPONIBLE, _C.REJETE),
    _O.ORDRE: Mouvement(_C.A_RECOUVRER, _C.PAYE),
    _O.ORDRE_ANNULE: Mouvement(_C.PAYE, _C.A_RECOUVRER),
    _O.REMBOURSEMENT: Mouvement(_C.DISPONIBLE, _C.A_RECOUVRER),
    _O.COMPENSATION_VERSEE: Mouvement(_C.COMPENSE, _C.EN_PAIEMENT),
    _O.COMPENSATION_RECUE: Mouvement(_C.DISPONIBLE, _C.A_RECOUVRER),
    _O.COMPENSATION_RETIREE: Mouvement(_C.A_RECOUVRER, _C.DISPONIBLE),
    # A payment comes back whole to what is to be issued again, what was kept on it included.
    _O.COMPENSATION_RENDUE: Mouvement(_C.REJETE, _C.COMPENSE),
    _O.ORDRE_SUR_COMPENSE: Mouvement(_C.A_RECOUVRER, _C.COMPENSE),
}

# A payment knows each of these once at most: a refused one is issued again as another.
UNE_FOIS_PAR_VERSEMENT = (
    _O.MISE_EN_PAIEMENT,
    _O.PAIEMENT,
    _O.REJET,
    _O.REJET_SANS_REMISE,
    _O.RETOUR_TARDIF,
    _O.REEMISSION,
)
