"""How the amount of an order is reached, line by line, as the letter and the screens show it."""

from collections.abc import Iterable
from decimal import Decimal

from segurnum.demandes.models import Demande
from segurnum.paiements.models import Decision
from segurnum.regles.argent import MOINS, LigneCalcul, en_euros

A_RECOUVRER = "Montant à recouvrer"


def _en_liste(lignes: Iterable[LigneCalcul]) -> list[dict[str, str]]:
    return [
        {"libelle": ligne.libelle, "detail": ligne.detail, "montant": str(ligne.montant)} for ligne in lignes
    ]


def lignes_d_un_versement(decision: Decision, versee: Decimal, montant: Decimal) -> list[dict[str, str]]:
    """What was paid, what is asked back already, what is asked now."""
    demande = decision.demande
    deja = decision.montant - versee
    lignes = [LigneCalcul(f"Versé au titre de la demande {demande.numero}", "", decision.montant)]
    if deja:
        lignes.append(LigneCalcul("Déjà recouvré ou demandé", "", -deja))
    portee = "la totalité" if montant == versee else f"une partie de {en_euros(versee)}"
    return _en_liste([*lignes, LigneCalcul(A_RECOUVRER, portee, montant)])


def lignes_d_un_solde(solde: Demande, versee: Decimal) -> list[dict[str, str]]:
    """The computation of the solde, then the overpayment that it shows."""
    calcul = solde.calcul_retenu
    if calcul is None:
        raise AssertionError("un solde validé a un calcul")
    detail = f"{en_euros(versee)} {MOINS} {en_euros(calcul.engagement)}"
    return _en_liste([*calcul.lignes[:-1], LigneCalcul(A_RECOUVRER, detail, versee - calcul.engagement)])
