"""Amounts that the portal computes by itself, where nothing is declared: flat parts, mailboxes that are counted."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from segurnum.couloirs import Couloir
from segurnum.couloirs.baremes import BaremeCalcule, ChiffreRefuse, Tarif, incomplet
from segurnum.couloirs.grilles import Grille
from segurnum.referentiel.grilles import grille
from segurnum.regles.argent import AvanceEtSolde, Calcul
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible


def calculer_du_bareme(
    couloir: Couloir,
    type_demande: TypeDemande,
    *,
    taux_tva: Decimal,
    jour: date,
    donnees: Mapping[str, Any] | None = None,
    avance_versee: Decimal | None = None,
    figures: Grille | None = None,
) -> Calcul:
    """The amounts of a request of this couloir, with the figures in force on `jour` (the day of its deposit).

    `donnees` is needed for a solde whose amount depends on counts; `figures` are those of the base unless others are
    tried. Raises GesteImpossible with the reason why not.
    """
    bareme, tarif = _en_vigueur(couloir, figures, jour)
    if type_demande is TypeDemande.AVANCE:
        return _montants(bareme, tarif, taux_tva, {}, None).avance
    if not comptes_connus(couloir, type_demande, donnees or {}):
        raise GesteImpossible(
            "Les nombres de BAL de l'Annuaire Santé ne sont pas encore connus : le montant du solde sera "
            "calculé dès qu'ils le seront."
        )
    return _montants(bareme, tarif, taux_tva, donnees or {}, avance_versee).solde


def montant_demande(
    couloir: Couloir,
    type_demande: TypeDemande,
    *,
    jour: date,
    donnees: Mapping[str, Any] | None = None,
    avance_ht: Decimal | None = None,
    figures: Grille | None = None,
) -> Decimal | None:
    """What the request asks for, euros HT: the flat avance, or the engagement less the avance (MSS-008).

    `avance_ht`: what the dossier's avance retained; None before it was looked at, when it is the flat one.
    The answer is None while the counts of a solde are not known.
    """
    if not comptes_connus(couloir, type_demande, donnees or {}):
        return None
    hors_taxe = Decimal(0)
    return calculer_du_bareme(
        couloir,
        type_demande,
        taux_tva=hors_taxe,
        jour=jour,
        donnees=donnees,
        avance_versee=avance_ht,
        figures=figures,
    ).decide


def comptes_connus(couloir: Couloir, type_demande: TypeDemande, donnees: Mapping[str, Any]) -> bool:
    """True when the amounts depend on no count, or when all of them are there."""
    return type_demande is TypeDemande.AVANCE or all(
        donnees.get(nom) is not None for nom in couloir.bareme.comptes
    )


def comptes_arretes(couloir: Couloir, type_demande: TypeDemande, donnees: Mapping[str, Any]) -> bool:
    """True when nothing is counted, or when it is counted for good, at the closing date."""
    if type_demande is TypeDemande.AVANCE or not couloir.bareme.comptes:
        return True
    return (
        comptes_connus(couloir, type_demande, donnees) and donnees.get(couloir.bareme.comptes_arretes) is True
    )


def _en_vigueur(couloir: Couloir, figures: Grille | None, jour: date) -> tuple[BaremeCalcule, Tarif]:
    if not isinstance(couloir.bareme, BaremeCalcule):
        raise GesteImpossible(
            f"Le montant d'une demande de {couloir.code} se déclare : il ne se calcule pas."
        )
    trouve = (figures or grille(couloir)).tarif(jour)
    if trouve is None:
        raise GesteImpossible(
            f"Aucun barème n'est en vigueur pour {couloir.dsr} : l'administration doit en publier un."
        )
    return couloir.bareme, trouve


def _montants(
    bareme: BaremeCalcule,
    tarif: Tarif,
    taux_tva: Decimal,
    donnees: Mapping[str, Any],
    avance_versee: Decimal | None,
) -> AvanceEtSolde:
    try:
        return bareme.montants(tarif, taux_tva, donnees, avance_versee)
    except ChiffreRefuse as refus:
        raise GesteImpossible(incomplet(tarif, refus)) from refus
    except ValueError as erreur:
        raise GesteImpossible(str(erreur)) from erreur
