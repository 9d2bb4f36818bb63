"""Amounts that the portal computes by itself, where nothing is declared."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from segurnum.couloirs.baremes.commun import (
    Assiette,
    Bareme,
    Chiffre,
    ChiffreRefuse,
    Chiffres,
    PlafondCalcule,
    Tarif,
    connu,
)
from segurnum.regles.argent import AvanceEtSolde, BaremeMSS, calculer_forfait, calculer_mss
from segurnum.regles.cycles import TypeDemande


@dataclass(frozen=True)
class BaremeCalcule(Bareme):
    """Amounts that the portal computes by itself: an avance that is flat, then the balance of the whole."""

    calcule = True
    facultatifs = ()
    # The figures that bound an avance and a whole.
    plafonds: ClassVar[Mapping[TypeDemande, str]]

    @abstractmethod
    def montants(
        self,
        tarif: Tarif,
        taux_tva: Decimal,
        donnees: Mapping[str, Any],
        avance_versee: Decimal | None = None,
    ) -> AvanceEtSolde:
        """Both amounts (euros). `avance_versee` None: the flat avance is taken as paid.

        Raises ChiffreRefuse for figures that do not compute, ValueError for counts that do not.
        """

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        chiffre = self.decrire(self.plafonds[assiette.type_demande])
        return connu(valeurs[chiffre.nom], f"{chiffre.libelle.lower()} ({nom})")


@dataclass(frozen=True)
class ForfaitEnDeuxTemps(BaremeCalcule):
    """A flat amount, of which a part is the avance."""

    libelle = "Forfait versé en deux fois"
    chiffres = (Chiffre("avance", "Forfait de l'avance"), Chiffre("total", "Forfait total"))
    plafonds = {TypeDemande.AVANCE: "avance", TypeDemande.SOLDE: "total"}

    def lire(self, valeurs: Chiffres) -> dict[str, Decimal]:
        lues = super().lire(valeurs)
        if lues["avance"] > lues["total"]:
            raise ChiffreRefuse("L'avance ne peut pas dépasser le forfait total.", "avance")
        return lues

    def montants(
        self,
        tarif: Tarif,
        taux_tva: Decimal,
        donnees: Mapping[str, Any],  # noqa: ARG002
        avance_versee: Decimal | None = None,
    ) -> AvanceEtSolde:
        lues = self.lire(tarif.valeurs)
        return calculer_forfait(
            lues["avance"], lues["total"], taux_tva, avance_versee=avance_versee, tarif=tarif.nom
        )


@dataclass(frozen=True)
class BoitesComptees(BaremeCalcule):
    """So much for each mailbox of the national directory, by kind, plus a flat part; within a ceiling."""

    libelle = "Par boîte aux lettres comptée"
    chiffres = (
        Chiffre("applicative", "Par boîte applicative"),
        Chiffre("organisationnelle", "Par boîte organisationnelle"),
        Chiffre("nominative", "Par boîte nominative"),
        Chiffre("forfait", "Part forfaitaire"),
        Chiffre("plafond", "Plafond"),
    )
    plafonds = {TypeDemande.AVANCE: "forfait", TypeDemande.SOLDE: "plafond"}
    comptes = ("balApplicatives", "balOrganisationnelles", "balNominatives")
    source_comptes = "balSource"
    comptes_arretes = "balArretees"

    def lire(self, valeurs: Chiffres) -> dict[str, Decimal]:
        lues = super().lire(valeurs)
        if lues["plafond"] < lues["forfait"]:
            raise ChiffreRefuse("Le plafond doit être au moins égal à la part forfaitaire.", "plafond")
        return lues

    def montants(
        self,
        tarif: Tarif,
        taux_tva: Decimal,
        donnees: Mapping[str, Any],
        avance_versee: Decimal | None = None,
    ) -> AvanceEtSolde:
        applicatives, organisationnelles, nominatives = (int(donnees.get(nom) or 0) for nom in self.comptes)
        return calculer_mss(
            applicatives,
            organisationnelles,
            nominatives,
            taux_tva,
            BaremeMSS(**self.lire(tarif.valeurs)),
            avance_versee=avance_versee,
            tarif=tarif.nom,
        )
