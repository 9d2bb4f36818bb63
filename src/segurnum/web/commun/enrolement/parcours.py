"""The way through the five steps: where a draft is, what it lacks, and what it declares once complete (ENR-009)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from segurnum.coordonnees.personnes import Personne
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.models import Brouillon
from segurnum.enrolements.pieces import QualiteTiers, TypePiece
from segurnum.referentiel import queries as referentiel
from segurnum.referentiel.models import Referencement
from segurnum.web.commun.enrolement.champs import NON, OUI
from segurnum.web.commun.enrolement.formulaires import (
    FormulaireBanque,
    FormulaireDemandeur,
    FormulaireEtape,
    PartieReferencement,
    PartieTva,
    nom_du_champ,
)


@dataclass(frozen=True)
class Etape:
    """A step: its key in the address and in the draft, its rank, its title."""

    cle: str
    rang: int
    titre: str

    @property
    def libelle(self) -> str:
        """« 2 - Demandeur »."""
        return f"{self.rang} - {self.titre}"


REFERENCEMENT = Etape("referencement", 1, "Référencement")
DEMANDEUR = Etape("demandeur", 2, "Demandeur")
BANQUE = Etape("coordonnees-bancaires", 3, "Coordonnées bancaires")
TVA = Etape("taux-tva", 4, "Taux TVA")
CONFIRMATION = Etape("confirmation", 5, "Confirmation")
ETAPES = (REFERENCEMENT, DEMANDEUR, BANQUE, TVA, CONFIRMATION)
PAR_CLE = {etape.cle: etape for etape in ETAPES}


class Parcours:
    """A draft, read. Without one, the way is at its beginning."""

    def __init__(self, brouillon: Brouillon | None = None) -> None:
        self.brouillon = brouillon

    def saisie(self, etape: Etape) -> dict[str, Any]:
        return dict(self.brouillon.saisie.get(etape.cle, {})) if self.brouillon else {}

    @cached_property
    def pieces(self) -> dict[str, str]:
        """Name of the form's field -> name of the file that the draft keeps."""
        if self.brouillon is None:
            return {}
        return {nom_du_champ(TypePiece(piece.type)): piece.nom for piece in self.brouillon.pieces.all()}

    @cached_property
    def reference(self) -> Referencement | None:
        numero = self.saisie(REFERENCEMENT).get("numero_ans", "")
        return referentiel.par_numero_ans(numero) if numero else None

    @property
    def siret(self) -> str:
        return str(self.saisie(DEMANDEUR).get("siret", ""))

    def formulaire(
        self, etape: Etape, donnees: Mapping[str, Any] | None = None, fichiers: Any = None
    ) -> FormulaireEtape:
        """The form of a step: as the draft keeps it, or as `donnees` were just sent."""
        valeurs: dict[str, Any] = {
            "data": donnees,
            "files": fichiers,
            "initial": self.saisie(etape) | self.pieces,
        }
        if etape is REFERENCEMENT:
            return PartieReferencement(reference=self.reference, **valeurs)
        if etape is DEMANDEUR:
            connue = self.saisie(DEMANDEUR).get("denomination_connue", "")
            return FormulaireDemandeur(reference=self.reference, denomination_connue=connue, **valeurs)
        return FormulaireBanque(**valeurs) if etape is BANQUE else PartieTva(**valeurs)

    @cached_property
    def valides(self) -> dict[str, FormulaireEtape]:
        """The complete steps, each with its form, up to the first that is not."""
        completes: dict[str, FormulaireEtape] = {}
        for etape in ETAPES[:-1]:
            if (etape is REFERENCEMENT and self.reference is None) or (etape is DEMANDEUR and not self.siret):
                break
            form = self.formulaire(etape, self.saisie(etape))
            if not form.is_valid():
                break
            completes[etape.cle] = form
        return completes

    @property
    def a_completer(self) -> Etape:
        """The first step that is not complete; the confirmation when all are."""
        return ETAPES[len(self.valides)]

    def declaration(self) -> Declaration:
        """What the four steps declare. They must be complete."""
        referencement, demandeur, banque = (
            self.valides[etape.cle].cleaned_data for etape in (REFERENCEMENT, DEMANDEUR, BANQUE)
        )
        tva = self.valides[TVA.cle]
        if self.reference is None or not isinstance(tva, PartieTva):
            raise AssertionError("les étapes sont complètes")
        tiers = demandeur["est_representant"] == NON
        return Declaration(
            numero_ans=self.reference.numero_ans,
            heberge_donnees=hebergement(referencement),
            entreprise=self._entreprise(demandeur),
            representant=_personne("representant", demandeur),
            depositaire=_personne("depositaire", demandeur) if tiers else None,
            qualite=QualiteTiers[demandeur["qualite"]] if tiers else None,
            banque=Banque(
                iban=banque["iban"],
                bic=banque["bic"],
                titulaire=banque["titulaire"],
                domiciliation=banque["domiciliation"],
            ),
            taux_tva=tva.taux,
        )

    def _entreprise(self, demandeur: dict[str, Any]) -> PersonneMorale:
        form = self.valides[DEMANDEUR.cle]
        champs = (
            "denomination",
            "nom_commercial",
            "destinataire",
            "batiment",
            "numero",
            "extension",
            "type_voie",
            "nom_voie",
            "complement",
            "code_postal",
            "commune",
        )
        return PersonneMorale(
            siret=self.siret,
            nom_change=isinstance(form, FormulaireDemandeur) and form.nom_change,
            verifie=bool(self.saisie(DEMANDEUR).get("verifie")),
            **{champ: demandeur[champ] for champ in champs},
        )


def hebergement(saisie: Mapping[str, Any]) -> bool | None:
    """The answer about health data; None where it is not asked."""
    reponse = saisie.get("heberge_donnees")
    return reponse == OUI if reponse else None


def _personne(role: str, saisie: Mapping[str, Any]) -> Personne:
    return Personne(
        nom=saisie[f"{role}_nom"],
        prenom=saisie[f"{role}_prenom"],
        courriel=saisie[f"{role}_courriel"],
        telephone=saisie[f"{role}_telephone"],
    )
