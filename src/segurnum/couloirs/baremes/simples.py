"""Scales that a count, a flat amount or a table tells: by beneficiary, the same for all, one row each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from segurnum.couloirs.baremes.commun import (
    Assiette,
    Bareme,
    Chiffre,
    Chiffres,
    PlafondCalcule,
    beneficiaires,
    connu,
    inconnu,
    somme,
)
from segurnum.regles.argent import en_euros

# As `Tarif.valeurs` of a row of the table names its only figure.
DU_BENEFICIAIRE = "plafond"


@dataclass(frozen=True)
class ParBeneficiaire(Bareme):
    """So much for each beneficiary."""

    libelle = "Par bénéficiaire"
    chiffres = (Chiffre("par_beneficiaire", "Par bénéficiaire"),)

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        nombre, unite = len(assiette.identifiants), valeurs["par_beneficiaire"]
        return connu(nombre * unite, f"{beneficiaires(nombre)} × {en_euros(unite)} HT ({nom})")


@dataclass(frozen=True)
class Forfait(Bareme):
    """The same ceiling for every request, whatever it declares."""

    libelle = "Forfait"
    chiffres = (Chiffre("forfait", "Forfait"),)

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:  # noqa: ARG002
        return connu(valeurs["forfait"], f"forfait ({nom})")


@dataclass(frozen=True)
class TableEligible(Bareme):
    """A ceiling for each eligible beneficiary: rows, which the administration loads."""

    libelle = "Table des bénéficiaires éligibles"
    par_table = True

    @property
    def reserve(self) -> str:
        return (
            "Les plafonds de ce couloir ne sont pas publics : ils viennent de la table des bénéficiaires éligibles, "
            "que l'administration charge."
        )

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:  # noqa: ARG002
        voulus = sorted(set(assiette.identifiants))
        manquants = tuple(identifiant for identifiant in voulus if identifiant not in assiette.table)
        lignes = Counter(
            (assiette.table[voulu].valeurs[DU_BENEFICIAIRE], assiette.table[voulu].nom)
            for voulu in voulus
            if voulu in assiette.table
        )
        parts = [
            (nombre * montant, f"{beneficiaires(nombre)} × {en_euros(montant)} HT ({tarif})")
            for (montant, tarif), nombre in lignes.items()
        ]
        if not manquants:
            return somme(parts)
        raison = f"{beneficiaires(len(manquants))} sans plafond connu, qui compte{'nt' * (len(manquants) > 1)} pour 0"
        return inconnu(raison, *parts, manquants=manquants)
