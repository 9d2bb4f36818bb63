"""Amounts that the portal computes by itself, where nothing is declared: flat parts, mailboxes that are counted."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from segurnum.couloirs import Couloir
from segurnum.referentiel.models import Bareme
from segurnum.referentiel.queries import PlafondCalcule, bareme
from segurnum.regles.argent import (
    AvanceEtSolde,
    BaremeMSS,
    Calcul,
    calculer_forfait,
    calculer_mss,
    en_euros,
)
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible

# The normal form's fields that the computation of a solde reads.
COMPTES = ("balApplicatives", "balOrganisationnelles", "balNominatives")


def calculer_du_bareme(
    couloir: Couloir,
    type_demande: TypeDemande,
    *,
    taux_tva: Decimal,
    jour: date,
    donnees: Mapping[str, Any] | None = None,
    avance_versee: Decimal | None = None,
) -> Calcul:
    """The amounts of a request of this couloir, with the figures in force on `jour` (the day of its deposit).

    `donnees` is needed for a solde whose amount depends on counts. Raises GesteImpossible with the reason why not.
    """
    en_vigueur = _en_vigueur(couloir, jour)
    if type_demande is TypeDemande.AVANCE:
        return _avance_et_solde(couloir, en_vigueur, taux_tva, dict.fromkeys(COMPTES, 0), None).avance
    return _avance_et_solde(couloir, en_vigueur, taux_tva, donnees or {}, avance_versee).solde


def montant_demande(
    couloir: Couloir,
    type_demande: TypeDemande,
    *,
    jour: date,
    donnees: Mapping[str, Any] | None = None,
    avance_ht: Decimal | None = None,
) -> Decimal | None:
    """What the request asks for, euros HT: the flat avance, or the engagement less the avance (MSS-008).

    `avance_ht`: what the dossier's avance retained; None before it was looked at, when it is the flat one.
    The answer is None while the counts of a solde are not known.
    """
    if not comptes_connus(couloir, type_demande, donnees or {}):
        return None
    hors_taxe = Decimal(0)
    return calculer_du_bareme(
        couloir, type_demande, taux_tva=hors_taxe, jour=jour, donnees=donnees, avance_versee=avance_ht
    ).decide


def maximum(couloir: Couloir, type_demande: TypeDemande, jour: date) -> PlafondCalcule:
    """The most that the scale can give to this type of request (euros HT)."""
    en_vigueur = _en_vigueur(couloir, jour)
    valeurs = {nom: Decimal(valeur) for nom, valeur in en_vigueur.valeurs.items()}
    if couloir.bareme == "forfait":
        cle = "avance" if type_demande is TypeDemande.AVANCE else "total"
    else:
        cle = "forfait" if type_demande is TypeDemande.AVANCE else "plafond"
    return PlafondCalcule(valeurs[cle], f"{en_euros(valeurs[cle])} HT ({en_vigueur.source})")


def comptes_connus(couloir: Couloir, type_demande: TypeDemande, donnees: Mapping[str, Any]) -> bool:
    """True when the amounts depend on no count, or when all of them are there."""
    if not couloir.par_formulaire or not couloir.formulaire(type_demande).comptes:
        return True
    return all(donnees.get(nom) is not None for nom in COMPTES)


def comptes_arretes(couloir: Couloir, type_demande: TypeDemande, donnees: Mapping[str, Any]) -> bool:
    """True when nothing is counted, or when it is counted for good, at the closing date."""
    if not couloir.par_formulaire or not couloir.formulaire(type_demande).comptes:
        return True
    return comptes_connus(couloir, type_demande, donnees) and donnees.get("balArretees") is True


def _en_vigueur(couloir: Couloir, jour: date) -> Bareme:
    trouve = bareme(couloir, jour)
    if trouve is None:
        raise GesteImpossible(
            f"Aucun barème n'est en vigueur pour {couloir.dsr} : l'administration doit en publier un."
        )
    return trouve


def _avance_et_solde(
    couloir: Couloir,
    en_vigueur: Bareme,
    taux_tva: Decimal,
    donnees: Mapping[str, Any],
    avance_versee: Decimal | None,
) -> AvanceEtSolde:
    valeurs = {nom: Decimal(valeur) for nom, valeur in en_vigueur.valeurs.items()}
    try:
        if couloir.bareme == "forfait":
            return calculer_forfait(
                valeurs["avance"], valeurs["total"], taux_tva, avance_versee=avance_versee
            )
        nombres = [donnees.get(nom) for nom in COMPTES]
        if None in nombres:
            raise GesteImpossible(
                "Les nombres de BAL de l'Annuaire Santé ne sont pas encore connus : le montant du solde sera "
                "calculé dès qu'ils le seront."
            )
        applicatives, organisationnelles, nominatives = (int(nombre or 0) for nombre in nombres)
        return calculer_mss(
            applicatives,
            organisationnelles,
            nominatives,
            taux_tva,
            BaremeMSS(**valeurs),
            avance_versee=avance_versee,
        )
    except GesteImpossible:
        raise
    except ValueError as erreur:
        raise GesteImpossible(str(erreur)) from erreur
    except (KeyError, TypeError) as erreur:
        raise GesteImpossible(
            f"Le barème de {couloir.dsr} en vigueur le {date_fr(en_vigueur.date_effet)} est incomplet : "
            "l'administration doit le corriger."
        ) from erreur
