"""The way through an enrolment: where a draft is, what it lacks, and what it declares once complete (ENR-009)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from segurnum.comptes.models import Entreprise
from segurnum.enrolements import queries, services
from segurnum.enrolements.declaration import Declaration, initiale
from segurnum.enrolements.models import Brouillon
from segurnum.enrolements.pieces import TypePiece, pieces_requises
from segurnum.kits.champs import NON
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.queries import par_numero_ans
from segurnum.web.commun.enrolement.formulaires import (
    FormulaireBanque,
    FormulaireComplementaire,
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
COMPLEMENTAIRE = Etape("complementaire", 1, "Logiciel")


class Parcours:
    """A draft, read. Without one, the way is at its beginning. `entreprise`: whose it is, where that is known."""

    depart = REFERENCEMENT

    def __init__(self, brouillon: Brouillon | None = None, entreprise: Entreprise | None = None) -> None:
        self.brouillon = brouillon
        self.entreprise = entreprise

    def avec(self, brouillon: Brouillon) -> Self:
        """The same way, once the draft has changed."""
        return type(self)(brouillon, self.entreprise)

    def saisie(self, etape: Etape) -> dict[str, Any]:
        return dict(self.brouillon.saisie.get(etape.cle, {})) if self.brouillon else {}

    @property
    def version(self) -> int:
        return self.brouillon.version if self.brouillon else 0

    @cached_property
    def pieces(self) -> dict[str, str]:
        """Name of the form's field -> name of the file that the draft keeps."""
        if self.brouillon is None:
            return {}
        return {nom_du_champ(TypePiece(piece.type)): piece.nom for piece in self.brouillon.pieces.all()}

    @cached_property
    def reference(self) -> Referencement | None:
        return par_numero_ans(self.saisie(self.depart).get("numero_ans", ""))

    @property
    def siret(self) -> str:
        return str(self.saisie(DEMANDEUR).get("siret", ""))

    def formulaire(
        self, etape: Etape, donnees: Mapping[str, Any] | None = None, fichiers: Any = None
    ) -> FormulaireEtape:
        """The form of a step: as the draft keeps it, or as `donnees` were just sent."""
        saisie = self.saisie(etape)
        valeurs: dict[str, Any] = {"data": donnees, "files": fichiers, "initial": saisie | self.pieces}
        if etape is COMPLEMENTAIRE and self.entreprise is not None:
            mandat = self.reference is not None and queries.mandat_a_deposer(self.entreprise, self.reference)
            return FormulaireComplementaire(reference=self.reference, mandat=mandat, **valeurs)
        if etape is REFERENCEMENT:
            return PartieReferencement(reference=self.reference, **valeurs)
        if etape is DEMANDEUR:
            connue = saisie.get("denomination_connue", "")
            return FormulaireDemandeur(reference=self.reference, denomination_connue=connue, **valeurs)
        return FormulaireBanque(**valeurs) if etape is BANQUE else PartieTva(**valeurs)

    @cached_property
    def valides(self) -> dict[str, Any]:
        """The complete steps, each with its form, up to the first that is not."""
        completes: dict[str, Any] = {}
        for etape in ETAPES[:-1]:
            if not self.commencee(etape):
                break
            form = self.formulaire(etape, self.saisie(etape))
            if not form.is_valid():
                break
            completes[etape.cle] = form
        return completes

    def commencee(self, etape: Etape) -> bool:
        """False while what the step is about is still to be searched."""
        if etape is self.depart:
            return self.reference is not None
        return etape is not DEMANDEUR or bool(self.siret)

    @property
    def a_completer(self) -> Etape:
        """The first step that is not complete; the confirmation when all are."""
        return ETAPES[len(self.valides)]

    def declaration(self) -> Declaration:
        """What the four steps declare. They must be complete."""
        referencement, demandeur, banque, tva = (self.valides[etape.cle] for etape in ETAPES[:-1])
        return initiale(
            numero_ans=self.saisie(REFERENCEMENT)["numero_ans"],
            heberge_donnees=referencement.hebergement,
            demandeur=demandeur.cleaned_data
            | {"siret": self.siret, "nom_change": demandeur.nom_change}
            | {"verifie": bool(self.saisie(DEMANDEUR).get("verifie"))}
            | {"denomination_connue": str(self.saisie(DEMANDEUR).get("denomination_connue", ""))},
            tiers=demandeur.cleaned_data["est_representant"] == NON,
            banque=banque.cleaned_data,
            taux_tva=tva.taux,
        )

    def pieces_requises(self) -> set[TypePiece]:
        """Those that the complete draft will be sent with."""
        if self.reference is None:
            return set()
        return set(pieces_requises(services.situation(self.declaration(), self.reference)))


class ParcoursComplementaire(Parcours):
    """Another software of a company that has an account, on one page."""

    depart = COMPLEMENTAIRE

    @property
    def a_completer(self) -> Etape:
        return COMPLEMENTAIRE
