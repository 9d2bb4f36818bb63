"""The files that a company takes away: columns and rows of its requests, of their beneficiaries (EXP-001 to 007)."""

from collections.abc import Iterator
from typing import Any

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.paiements.queries import (
    EXPORT_BENEFICIAIRE,
    EXPORT_DEMANDE,
    beneficiaires_a_exporter,
    demandes_a_exporter,
)
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande

_SUITE = (
    "Type",
    "Statut",
    "Date de changement de statut",
    "Logiciel",
    "Date de dépôt",
    "Date de commande",
    "N° éditeur",
    "Etat de paiement",
    "Date du paiement",
    "Montant déclaré SEGUR HT",
    "Montant payé (fonction du régime TVA)",
)
COLONNES_DEMANDES = ("N° ASP", *_SUITE)


def colonnes_beneficiaires(couloir: couloirs.Couloir) -> tuple[str, ...]:
    """Each couloir identifies its beneficiaries in its own way (EXP-004)."""
    return (
        "N° de la demande",
        *_SUITE,
        "N°ANS",
        couloir.identifiant_beneficiaire.libelle,
        "Nom du client",
        "E-mail du client",
        "Téléphone du client",
        "Raison sociale client",
    )


def lignes_des_demandes(entreprise: Entreprise) -> Iterator[list[Any]]:
    """One row per request, under `COLONNES_DEMANDES`, read as they are asked for."""
    return (_ligne(lue, EXPORT_DEMANDE) for lue in demandes_a_exporter(entreprise))


def lignes_des_beneficiaires(entreprise: Entreprise, couloir: couloirs.Couloir) -> Iterator[list[Any]]:
    """One row per beneficiary of each request, under `colonnes_beneficiaires`, read as they are asked for."""
    return (_ligne(lue, EXPORT_BENEFICIAIRE) for lue in beneficiaires_a_exporter(entreprise, couloir.dsr))


def _ligne(lue: dict[str, Any], champs: tuple[str, ...]) -> list[Any]:
    """A row as people read it: labels rather than codes, the software rather than its DSR."""
    lue["type"] = TypeDemande(lue["type"]).libelle
    lue["statut"] = StatutDemande(lue["statut"]).libelle
    lue["etat_paiement"] = EtatPaiement(lue["etat_paiement"]).libelle
    lue["dsr"] = couloirs.par_dsr(lue["dsr"]).logiciel
    if "beneficiaires__identifiants" in lue:
        lue["beneficiaires__identifiants"] = ", ".join(lue["beneficiaires__identifiants"])
    return [lue[champ] for champ in champs]
