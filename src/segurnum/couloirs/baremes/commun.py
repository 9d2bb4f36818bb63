"""How much a couloir finances: the kind of its scale. The figures themselves are dated data, loaded elsewhere.

A scale says the figures that it wants, checks them, and gives the ceiling of a request, line by line, the tariff named.
What it cannot tell is told as such, and counts nothing: an unknown ceiling lets no euro through, and is said on every
screen, until somebody records it or grants an amount.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from segurnum.regles.argent import TAUX_AVANCE, LigneCalcul, arrondir, en_chiffres, en_euros, en_taux
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande

PLAFOND = "Plafond hors taxe applicable"
PART_DU_PLAFOND = "Part du plafond"
MAXIMUM = Decimal("9999999999.99")
POUR_CENT = "%"

Chiffres = Mapping[str, Decimal]


class ChiffreRefuse(ValueError):
    """A figure that the scale cannot compute with; `nom`: which one, empty for the whole."""

    def __init__(self, phrase: str, nom: str = "") -> None:
        super().__init__(phrase)
        self.nom = nom


@dataclass(frozen=True)
class Chiffre:
    """One figure of a scale, as a screen asks for it and shows it."""

    nom: str
    libelle: str
    unite: str = "€ HT"

    def ecrire(self, valeur: Decimal) -> str:
        """« 358,33 € HT »: two decimals and the unit, everywhere (RUL-013)."""
        if self.unite == POUR_CENT:
            return en_taux(valeur)
        return f"{en_euros(valeur)}{self.unite.removeprefix('€')}"

    def lire(self, valeur: Decimal) -> Decimal:
        """Raises ChiffreRefuse (French sentence)."""
        maximum = Decimal(100) if self.unite == POUR_CENT else MAXIMUM
        if not valeur.is_finite() or not 0 < valeur <= maximum or valeur != arrondir(valeur):
            quoi = "un taux de 0 à 100 %" if self.unite == POUR_CENT else "un montant en euros et centimes"
            raise ChiffreRefuse(
                f"« {self.libelle} » : {quoi}, au-dessus de 0, est attendu ; {en_chiffres(valeur)} ne l'est pas.",
                self.nom,
            )
        return arrondir(valeur)


TAUX_DE_L_AVANCE = Chiffre("taux_avance", "Taux de l'avance", POUR_CENT)


@dataclass(frozen=True)
class Tarif:
    """Figures in force, and what they are known from."""

    valeurs: Chiffres
    date_effet: date
    source: str

    @property
    def nom(self) -> str:
        return f"{self.source}, en vigueur depuis le {date_fr(self.date_effet)}"


@dataclass(frozen=True)
class Assiette:
    """What of a request its ceiling depends on; `table`: the row in force for each beneficiary that has one."""

    type_demande: TypeDemande
    identifiants: tuple[str, ...] = ()
    donnees: Mapping[str, Any] = field(default_factory=dict)
    table: Mapping[str, Tarif] = field(default_factory=dict)


@dataclass(frozen=True)
class PlafondCalcule:
    """The ceiling of a request (euros HT) and how it was reached.

    What is not known counts 0 in it: `inconnu` says why, `manquants` for whom.
    """

    montant_ht: Decimal
    lignes: tuple[LigneCalcul, ...] = ()
    inconnu: str = ""
    manquants: tuple[str, ...] = ()

    @property
    def explication(self) -> str:
        return " ; ".join(ligne.detail for ligne in self.lignes)

    def avec(self, octroye: Decimal, detail: str) -> PlafondCalcule:
        """This one and what was granted for what it does not know: what is known goes on bounding what it covers."""
        total = arrondir(self.montant_ht + octroye)
        lignes = (
            *(replace(ligne, libelle=PART_DU_PLAFOND) for ligne in self.lignes),
            LigneCalcul(PART_DU_PLAFOND, detail, octroye),
            LigneCalcul(PLAFOND, "ce qui est connu, et ce qui est octroyé", total),
        )
        return replace(self, montant_ht=total, lignes=lignes)


@dataclass(frozen=True)
class Bareme(ABC):
    """A kind of scale. `exemple`: its figures as first published; empty where none is public, and none is invented.

    `essai`: figures of the demonstration and of the tests, for a scale that has no public ones.
    """

    exemple: Chiffres = field(default_factory=dict, kw_only=True)
    essai: Chiffres = field(default_factory=dict, kw_only=True)

    libelle: ClassVar[str]
    chiffres: ClassVar[tuple[Chiffre, ...]] = ()
    # What a set of figures may leave unsaid: the usual value then holds.
    facultatifs: ClassVar[tuple[Chiffre, ...]] = (TAUX_DE_L_AVANCE,)
    # What a band is called and how it is typed, where the figures are one for each band.
    tranche: ClassVar[str] = ""
    aide_des_tranches: ClassVar[str] = ""
    # The portal computes the amounts, and nothing is declared.
    calcule: ClassVar[bool] = False
    par_table: ClassVar[bool] = False
    # What must have been counted before the amounts of a solde are known.
    comptes: ClassVar[tuple[str, ...]] = ()
    # The fields that say where the counts come from, and whether they are those of the closing date.
    source_comptes: ClassVar[str] = ""
    comptes_arretes: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if not self.par_table:
            self.lire(self.figures_d_essai)

    @property
    def figures_d_essai(self) -> Chiffres:
        return self.exemple or self.essai

    @property
    def public(self) -> bool:
        return bool(self.exemple)

    @property
    def reserve(self) -> str:
        """What is not public of it, as the screens say it; empty when all is."""
        return "" if self.public else "Les chiffres de ce couloir ne sont pas publics."

    @property
    def chemins(self) -> tuple[str, ...]:
        """The fields of a request that it reads."""
        return ()

    def lire(self, valeurs: Chiffres) -> dict[str, Decimal]:
        """The figures, in their order and to the cent. Raises ChiffreRefuse (French sentence)."""
        connus = {chiffre.nom: chiffre for chiffre in (*self.chiffres, *self.facultatifs)}
        for nom in valeurs:
            if nom not in connus:
                raise ChiffreRefuse(
                    f"« {nom} » n'est pas un chiffre de ce barème : {', '.join(connus)} le sont."
                )
        for chiffre in self.chiffres:
            if chiffre.nom not in valeurs:
                raise ChiffreRefuse(f"Il manque le chiffre « {chiffre.libelle} ».", chiffre.nom)
        return {nom: chiffre.lire(valeurs[nom]) for nom, chiffre in connus.items() if nom in valeurs}

    def taux_avance(self, tarif: Tarif | None) -> Decimal:
        """The part of the engagement that an avance is: 0.30 unless the figures in force say otherwise (RUL-008)."""
        dit = tarif.valeurs.get(TAUX_DE_L_AVANCE.nom) if tarif else None
        return TAUX_AVANCE if dit is None else dit / 100

    def decrire(self, nom: str) -> Chiffre:
        """How a figure is called and written."""
        connus = (*self.chiffres, *self.facultatifs)
        return next((chiffre for chiffre in connus if chiffre.nom == nom), Chiffre(nom, nom))

    def ecrire(self, valeurs: Chiffres) -> list[tuple[str, str]]:
        """Each figure as people read it, in the order of the scale, which the database does not keep."""
        try:
            rangees: Chiffres = self.lire(valeurs)
        except ChiffreRefuse:
            rangees = valeurs
        return [(self.decrire(nom).libelle, self.decrire(nom).ecrire(v)) for nom, v in rangees.items()]

    def remarques(self, valeurs: Chiffres) -> tuple[str, ...]:  # noqa: ARG002 (the scales of bands have some)
        """What whoever approves should look at twice."""
        return ()

    def plafond(self, assiette: Assiette, tarif: Tarif | None) -> PlafondCalcule:
        """The ceiling of a request. `tarif` None: no figures are in force on its day."""
        if self.par_table:
            return self._plafond(assiette, {}, "")
        if tarif is None:
            return inconnu(_SANS_TARIF)
        try:
            valeurs = self.lire(tarif.valeurs)
        except ChiffreRefuse as refus:
            return inconnu(incomplet(tarif, refus))
        return self._plafond(assiette, valeurs, tarif.nom)

    @abstractmethod
    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        """The ceiling by these figures. `nom`: what they are known from."""


_SANS_TARIF = (
    "Aucun barème n'est en vigueur à la date du dépôt : le plafond n'est pas connu, et compte pour 0."
)


def incomplet(tarif: Tarif, refus: ChiffreRefuse) -> str:
    return (
        f"Le barème en vigueur depuis le {date_fr(tarif.date_effet)} est incomplet ou faux : l'administration doit en "
        f"publier un autre. {refus}"
    )


def beneficiaires(nombre: int) -> str:
    return f"{nombre} bénéficiaire{'s' if nombre > 1 else ''}"


def inconnu(raison: str, *connues: tuple[Decimal, str], manquants: tuple[str, ...] = ()) -> PlafondCalcule:
    """The known parts only: what is not known counts nothing, and says why."""
    return replace(somme([*connues, (Decimal(0), raison)]), inconnu=raison, manquants=manquants)


def connu(montant: Decimal, detail: str) -> PlafondCalcule:
    return PlafondCalcule(arrondir(montant), (LigneCalcul(PLAFOND, detail, arrondir(montant)),))


def somme(parts: list[tuple[Decimal, str]]) -> PlafondCalcule:
    """One line for each part; then their sum, where there are several."""
    if len(parts) == 1:
        return connu(*parts[0])
    total = sum((montant for montant, _ in parts), Decimal(0))
    lignes = tuple(LigneCalcul(PART_DU_PLAFOND, detail, montant) for montant, detail in parts)
    total_ht = LigneCalcul(PLAFOND, f"somme de {len(parts)} parts", arrondir(total))
    return PlafondCalcule(arrondir(total), (*lignes, total_ht))
