"""What an applicant declares, whole, in one object: what the form builds, what the enrolment keeps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, Self

from segurnum.coordonnees.personnes import CHAMPS, Personne
from segurnum.enrolements.pieces import QualiteTiers


@dataclass(frozen=True, kw_only=True)
class PersonneMorale:
    """The company. `nom_change`: its name is not the directory's, `denomination_connue`, where it has one. `verifie`:
    the directory confirmed the SIRET.
    """

    siret: str
    denomination: str
    nom_commercial: str
    destinataire: str = ""
    batiment: str = ""
    numero: str = ""
    extension: str = ""
    type_voie: str
    nom_voie: str
    complement: str = ""
    code_postal: str
    commune: str
    nom_change: bool = False
    verifie: bool = True
    denomination_connue: str = ""

    @property
    def adresse(self) -> str:
        """« 12 bis rue des Essais »."""
        morceaux = (self.numero, self.extension, self.type_voie, self.nom_voie, self.complement)
        return " ".join(morceau for morceau in morceaux if morceau)


@dataclass(frozen=True, kw_only=True)
class Banque:
    iban: str
    bic: str
    titulaire: str
    domiciliation: str


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """An initial enrolment has all of it; a complementary one neither company, people nor bank (ENR-081)."""

    numero_ans: str
    heberge_donnees: bool | None = None
    entreprise: PersonneMorale | None = None
    representant: Personne | None = None
    depositaire: Personne | None = None
    qualite: QualiteTiers | None = None
    banque: Banque | None = None
    taux_tva: Decimal = Decimal("20.00")

    @property
    def assujetti(self) -> bool:
        return self.taux_tva != 0

    @property
    def titulaire_du_compte(self) -> Personne | None:
        """Who gets the account and all the mails: the depositor, else the legal representative (ENR-043, ENR-044)."""
        return self.depositaire or self.representant

    def en_dict(self) -> dict[str, Any]:
        """A form JSON can keep."""
        donnees = asdict(self)
        donnees["taux_tva"] = str(self.taux_tva)
        donnees["qualite"] = self.qualite.name if self.qualite else None
        return donnees

    @classmethod
    def lire(cls, donnees: dict[str, Any]) -> Self:
        """The reverse of `en_dict`."""
        return cls(
            numero_ans=donnees["numero_ans"],
            heberge_donnees=donnees["heberge_donnees"],
            entreprise=PersonneMorale(**donnees["entreprise"]) if donnees["entreprise"] else None,
            representant=Personne(**donnees["representant"]) if donnees["representant"] else None,
            depositaire=Personne(**donnees["depositaire"]) if donnees["depositaire"] else None,
            qualite=QualiteTiers[donnees["qualite"]] if donnees["qualite"] else None,
            banque=Banque(**donnees["banque"]) if donnees["banque"] else None,
            taux_tva=Decimal(donnees["taux_tva"]),
        )


def initiale(
    *,
    numero_ans: str,
    heberge_donnees: bool | None,
    demandeur: Mapping[str, Any],
    tiers: bool,
    banque: Mapping[str, Any],
    taux_tva: Decimal,
) -> Declaration:
    """What the steps of an initial enrolment declare, once each is right. `tiers`: a third party hands it over."""
    return Declaration(
        numero_ans=numero_ans,
        heberge_donnees=heberge_donnees,
        entreprise=PersonneMorale(**_extraire(PersonneMorale, demandeur)),
        representant=_personne("representant", demandeur),
        depositaire=_personne("depositaire", demandeur) if tiers else None,
        qualite=QualiteTiers[demandeur["qualite"]] if tiers else None,
        banque=Banque(**_extraire(Banque, banque)),
        taux_tva=taux_tva,
    )


def _extraire(sorte: type[PersonneMorale] | type[Banque], saisie: Mapping[str, Any]) -> dict[str, Any]:
    return {champ.name: saisie[champ.name] for champ in fields(sorte)}


def _personne(role: str, saisie: Mapping[str, Any]) -> Personne:
    return Personne(**{champ: saisie[f"{role}_{champ}"] for champ in CHAMPS})
