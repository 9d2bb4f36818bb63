"""How much a couloir finances: the kind of its scale. The figures themselves are dated data, loaded elsewhere.

A scale says the figures that it wants, checks them, and gives the ceiling of a request, line by line, the tariff named.
What it cannot tell is told as such: an unknown ceiling is said on every screen, and never silently none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from segurnum.regles.argent import (
    AvanceEtSolde,
    BaremeMSS,
    LigneCalcul,
    arrondir,
    calculer_forfait,
    calculer_mss,
    en_euros,
)
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande

PLAFOND = "Plafond hors taxe applicable"
MAXIMUM = Decimal("9999999999.99")
TRANCHE_MAX = 50
TRANCHES_MAX = 60

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
        return f"{en_euros(valeur)}{self.unite.removeprefix('€')}"


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
    """The ceiling of a request (euros HT) and how it was reached. None: `inconnu` says why, `manquants` for whom."""

    montant_ht: Decimal | None
    lignes: tuple[LigneCalcul, ...] = ()
    inconnu: str = ""
    manquants: tuple[str, ...] = ()

    @property
    def explication(self) -> str:
        return self.inconnu or " ; ".join(ligne.detail for ligne in self.lignes)


@dataclass(frozen=True)
class Bareme:
    """A kind of scale. `exemple`: its figures as first published; empty where none is public, and none is invented.

    `essai`: figures of the demonstration and of the tests, for a scale that has no public ones.
    """

    exemple: Chiffres = field(default_factory=dict, kw_only=True)
    essai: Chiffres = field(default_factory=dict, kw_only=True)

    libelle: ClassVar[str]
    chiffres: ClassVar[tuple[Chiffre, ...]] = ()
    # What a band is called, where the figures are one for each band.
    tranche: ClassVar[str] = ""
    # The portal computes the amounts, and nothing is declared.
    calcule: ClassVar[bool] = False
    par_table: ClassVar[bool] = False
    # What must have been counted before the amounts of a solde are known.
    comptes: ClassVar[tuple[str, ...]] = ()

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
        connus = {chiffre.nom: chiffre.libelle for chiffre in self.chiffres}
        for nom in valeurs.keys() - connus.keys():
            raise ChiffreRefuse(f"« {nom} » n'est pas un chiffre de ce barème : {', '.join(connus)} le sont.")
        for nom, libelle in connus.items():
            if nom not in valeurs:
                raise ChiffreRefuse(f"Il manque le chiffre « {libelle} ».", nom)
        return {nom: _montant(valeurs[nom], libelle, nom) for nom, libelle in connus.items()}

    def decrire(self, nom: str) -> Chiffre:
        """How a figure is called and written."""
        return next((chiffre for chiffre in self.chiffres if chiffre.nom == nom), Chiffre(nom, nom))

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
            return PlafondCalcule(None, inconnu=_SANS_TARIF)
        try:
            valeurs = self.lire(tarif.valeurs)
        except ChiffreRefuse as refus:
            return PlafondCalcule(None, inconnu=incomplet(tarif, refus))
        return self._plafond(assiette, valeurs, tarif.nom)

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        raise NotImplementedError


_SANS_TARIF = "Aucun barème n'est en vigueur à la date du dépôt : le plafond n'est pas connu."


def incomplet(tarif: Tarif, refus: ChiffreRefuse) -> str:
    return (
        f"Le barème en vigueur depuis le {date_fr(tarif.date_effet)} est incomplet ou faux : l'administration doit en "
        f"publier un autre. {refus}"
    )


@dataclass(frozen=True)
class ParBeneficiaire(Bareme):
    """So much for each beneficiary."""

    libelle = "Par bénéficiaire"
    chiffres = (Chiffre("par_beneficiaire", "Par bénéficiaire"),)

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        nombre, unite = len(assiette.identifiants), valeurs["par_beneficiaire"]
        return _connu(nombre * unite, f"{_beneficiaires(nombre)} × {en_euros(unite)} HT ({nom})")


@dataclass(frozen=True)
class Forfait(Bareme):
    """The same ceiling for every request, whatever it declares."""

    libelle = "Forfait"
    chiffres = (Chiffre("forfait", "Forfait"),)

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:  # noqa: ARG002
        return _connu(valeurs["forfait"], f"forfait ({nom})")


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
        if manquants:
            return PlafondCalcule(
                None, inconnu="Le barème ne dit rien de certains bénéficiaires.", manquants=manquants
            )
        lignes = Counter(
            (assiette.table[voulu].valeurs["plafond"], assiette.table[voulu].nom) for voulu in voulus
        )
        parts = [
            (nombre * montant, f"{_beneficiaires(nombre)} × {en_euros(montant)} HT ({tarif})")
            for (montant, tarif), nombre in lignes.items()
        ]
        return _somme(parts)


@dataclass(frozen=True)
class ParTranche(Bareme):
    """By band: each beneficiary says its own at `champ` of the request. The bands are data.

    `bornes`: the least and the greatest amounts that are public, where the bands are not.
    """

    champ: str
    bornes: tuple[Decimal, Decimal] | None = None

    libelle = "Par tranche"
    tranche = "Tranche"

    @property
    def chemins(self) -> tuple[str, ...]:
        return (self.champ,)

    @property
    def reserve(self) -> str:
        if self.public or self.bornes is None:
            return super().reserve
        bas, haut = (f"{en_euros(borne)} HT" for borne in self.bornes)
        return (
            f"Seuls le plus petit et le plus grand montant de ce couloir sont publics, {bas} et {haut} : ses tranches "
            "ne le sont pas."
        )

    def lire(self, valeurs: Chiffres) -> dict[str, Decimal]:
        if not valeurs:
            raise ChiffreRefuse("Au moins une tranche est attendue, avec son montant.")
        if len(valeurs) > TRANCHES_MAX:
            raise ChiffreRefuse(f"{len(valeurs)} tranches : {TRANCHES_MAX} au plus sont attendues.")
        for nom in valeurs:
            self._verifier_tranche(nom)
        return {
            nom: _montant(valeurs[nom], self.decrire(nom).libelle, nom)
            for nom in sorted(valeurs, key=self._rang)
        }

    def _verifier_tranche(self, nom: str) -> None:
        if not nom.strip() or len(nom) > TRANCHE_MAX:
            raise ChiffreRefuse(f"Une tranche a un nom, de {TRANCHE_MAX} caractères au plus.", nom)

    def _rang(self, nom: str) -> tuple[int, str]:
        return (int(nom) if nom.isascii() and nom.isdecimal() else 0, nom)

    def decrire(self, nom: str) -> Chiffre:
        return Chiffre(nom, f"{self.tranche} « {nom} »")

    def remarques(self, valeurs: Chiffres) -> tuple[str, ...]:
        if self.bornes is None:
            return ()
        bas, haut = self.bornes
        return tuple(
            f"{self.decrire(nom).libelle} : {en_euros(montant)} HT est hors de ce qui est public, de {en_euros(bas)} à "
            f"{en_euros(haut)} HT."
            for nom, montant in valeurs.items()
            if not bas <= montant <= haut
        )

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        choisies = [self._choisir(dit, valeurs) for dit in feuilles(assiette.donnees, self.champ)]
        if not choisies:
            return PlafondCalcule(
                None, inconnu="La demande ne nomme aucun bénéficiaire à qui donner un plafond."
            )
        if inconnues := [phrase for cle, phrase in choisies if cle is None]:
            return PlafondCalcule(None, inconnu=" ".join(dict.fromkeys(inconnues)))
        parts = [
            (nombre * valeurs[cle], f"{_beneficiaires(nombre)} × {en_euros(valeurs[cle])} HT, {dite} ({nom})")
            for (cle, dite), nombre in Counter(choisies).items()
            if cle is not None
        ]
        return _somme(parts)

    def _choisir(self, dit: Any, valeurs: Chiffres) -> tuple[str | None, str]:
        """The band that a beneficiary says and how it is told, or None and why not."""
        cle = str(dit or "").strip()
        if not cle:
            return None, "Un bénéficiaire ne dit pas sa tranche : son plafond n'est pas connu."
        if cle not in valeurs:
            return None, f"La tranche « {cle} » n'est pas au barème : son plafond n'est pas connu."
        return cle, f"tranche « {cle} »"


@dataclass(frozen=True)
class ParNombreDeSites(ParTranche):
    """By how many sites each beneficiary has: `champ` is the list of them. A band is named by its least number."""

    libelle = "Par nombre de sites"
    tranche = "À partir de"

    def lire(self, valeurs: Chiffres) -> dict[str, Decimal]:
        lues = super().lire(valeurs)
        if "1" not in lues:
            raise ChiffreRefuse("La première tranche commence à 1 site : elle manque.")
        return lues

    def _verifier_tranche(self, nom: str) -> None:
        if not (nom.isascii() and nom.isdecimal() and 1 <= len(nom) <= 4 and str(int(nom)) == nom != "0"):
            raise ChiffreRefuse(
                f"« {nom} » n'est pas un nombre de sites : un entier à partir de 1 est attendu.", nom
            )

    def decrire(self, nom: str) -> Chiffre:
        return Chiffre(nom, f"{self.tranche} {nom} {'site' if nom == '1' else 'sites'}")

    def _choisir(self, dit: Any, valeurs: Chiffres) -> tuple[str | None, str]:
        nombre = len({site for site in dit or () if site})
        if not nombre:
            return None, "Un bénéficiaire ne nomme aucun site : son plafond n'est pas connu."
        cle = max((cle for cle in valeurs if int(cle) <= nombre), key=int)
        return cle, f"{nombre} site{'s' if nombre > 1 else ''}"


@dataclass(frozen=True)
class BaremeCalcule(Bareme):
    """Amounts that the portal computes by itself: an avance that is flat, then the balance of the whole."""

    calcule = True
    # The figures that bound an avance and a whole.
    plafonds: ClassVar[Mapping[TypeDemande, str]]

    def montants(  # nothing is counted
        self,
        tarif: Tarif,
        taux_tva: Decimal,
        donnees: Mapping[str, Any],
        avance_versee: Decimal | None = None,
    ) -> AvanceEtSolde:
        """Both amounts (euros). `avance_versee` None: the flat avance is taken as paid.

        Raises ChiffreRefuse for figures that do not compute, ValueError for counts that do not.
        """
        raise NotImplementedError

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        chiffre = self.decrire(self.plafonds[assiette.type_demande])
        return _connu(valeurs[chiffre.nom], f"{chiffre.libelle.lower()} ({nom})")


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

    def lire(self, valeurs: Chiffres) -> dict[str, Decimal]:
        lues = super().lire(valeurs)
        if lues["plafond"] < lues["forfait"]:
            raise ChiffreRefuse("Le plafond doit être au moins égal à la part forfaitaire.", "plafond")
        return lues

    def montants(  # nothing is counted
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


def feuilles(valeur: Any, chemin: str) -> Iterator[Any]:
    """What stands at a dotted path, lists crossed silently; the last name is given as it is, a list too."""
    nom, _, suite = chemin.partition(".")
    for objet in valeur if isinstance(valeur, list) else (valeur,):
        if isinstance(objet, Mapping) and nom in objet:
            if suite:
                yield from feuilles(objet[nom], suite)
            else:
                yield objet[nom]


def _montant(valeur: Decimal, libelle: str, nom: str) -> Decimal:
    if not valeur.is_finite() or not 0 < valeur <= MAXIMUM or valeur != arrondir(valeur):
        raise ChiffreRefuse(
            f"« {libelle} » : un montant au-dessus de 0, en euros et centimes, est attendu ; {valeur} ne l'est pas.",
            nom,
        )
    return arrondir(valeur)


def _beneficiaires(nombre: int) -> str:
    return f"{nombre} bénéficiaire{'s' if nombre > 1 else ''}"


def _connu(montant: Decimal, detail: str) -> PlafondCalcule:
    return PlafondCalcule(arrondir(montant), (LigneCalcul(PLAFOND, detail, arrondir(montant)),))


def _somme(parts: list[tuple[Decimal, str]]) -> PlafondCalcule:
    """One line for each part; then their sum, where there are several."""
    if len(parts) == 1:
        return _connu(*parts[0])
    total = sum((montant for montant, _ in parts), Decimal(0))
    lignes = tuple(LigneCalcul("Part du plafond", detail, montant) for montant, detail in parts)
    somme = LigneCalcul(PLAFOND, f"somme de {len(parts)} parts", arrondir(total))
    return PlafondCalcule(arrondir(total), (*lignes, somme))
