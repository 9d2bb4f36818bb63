"""Scales by band: of what each beneficiary says of itself, or of how many sites it has. The bands are data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segurnum.couloirs.baremes.commun import (
    Assiette,
    Bareme,
    Chiffre,
    ChiffreRefuse,
    Chiffres,
    PlafondCalcule,
    beneficiaires,
    inconnu,
    somme,
)
from segurnum.regles.argent import en_euros

TRANCHE_MAX = 50
TRANCHES_MAX = 60


@dataclass(frozen=True)
class ParTranche(Bareme):
    """By band: each beneficiary says its own at `champ` of the request. The bands are data.

    `bornes`: the least and the greatest amounts that are public, where the bands are not.
    """

    champ: str
    bornes: tuple[Decimal, Decimal] | None = None

    libelle = "Par tranche"
    tranche = "Tranche"
    aide_des_tranches = "Une tranche s'écrit comme le fichier des demandes la nomme."

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
        noms = self._tranches(valeurs)
        if not noms:
            raise ChiffreRefuse("Au moins une tranche est attendue, avec son montant.")
        if len(noms) > TRANCHES_MAX:
            raise ChiffreRefuse(f"{len(noms)} tranches : {TRANCHES_MAX} au plus sont attendues.")
        for nom in noms:
            self._verifier_tranche(nom)
        dits = [chiffre.nom for chiffre in self.facultatifs if chiffre.nom in valeurs]
        return {nom: self.decrire(nom).lire(valeurs[nom]) for nom in (*noms, *dits)}

    def _tranches(self, valeurs: Chiffres) -> list[str]:
        """The names of the bands, in their order."""
        autres = {chiffre.nom for chiffre in self.facultatifs}
        return sorted((nom for nom in valeurs if nom not in autres), key=self._rang)

    def _verifier_tranche(self, nom: str) -> None:
        if not nom.strip() or len(nom) > TRANCHE_MAX:
            raise ChiffreRefuse(f"Une tranche a un nom, de {TRANCHE_MAX} caractères au plus.", nom)

    def _rang(self, nom: str) -> tuple[int, str]:
        return (int(nom) if nom.isascii() and nom.isdecimal() else 0, nom)

    def decrire(self, nom: str) -> Chiffre:
        return _facultatif(nom) or Chiffre(nom, f"{self.tranche} « {nom} »")

    def remarques(self, valeurs: Chiffres) -> tuple[str, ...]:
        if self.bornes is None:
            return ()
        bas, haut = self.bornes
        return tuple(
            f"{self.decrire(nom).libelle} : {en_euros(montant)} HT est hors de ce qui est public, de {en_euros(bas)} à "
            f"{en_euros(haut)} HT."
            for nom, montant in valeurs.items()
            if not _facultatif(nom) and not bas <= montant <= haut
        )

    def _plafond(self, assiette: Assiette, valeurs: Chiffres, nom: str) -> PlafondCalcule:
        choisies = [self._choisir(dit, valeurs) for dit in feuilles(assiette.donnees, self.champ)]
        if not choisies:
            return inconnu("La demande ne nomme aucun bénéficiaire à qui donner un plafond.")
        parts = [
            (nombre * valeurs[cle], f"{beneficiaires(nombre)} × {en_euros(valeurs[cle])} HT, {dite} ({nom})")
            for (cle, dite), nombre in Counter(choisies).items()
            if cle is not None
        ]
        inconnues = dict.fromkeys(phrase for cle, phrase in choisies if cle is None)
        return inconnu(" ".join(inconnues), *parts) if inconnues else somme(parts)

    def _choisir(self, dit: Any, valeurs: Chiffres) -> tuple[str | None, str]:
        """The band that a beneficiary says and how it is told, or None and why not."""
        cle = str(dit or "").strip()
        if not cle:
            return (
                None,
                "Un bénéficiaire ne dit pas sa tranche : son plafond n'est pas connu, et compte pour 0.",
            )
        if cle not in self._tranches(valeurs):
            return (
                None,
                f"La tranche « {cle} » n'est pas au barème : son plafond n'est pas connu, et compte pour 0.",
            )
        return cle, f"tranche « {cle} »"


@dataclass(frozen=True)
class ParNombreDeSites(ParTranche):
    """By how many sites each beneficiary has: `champ` is the list of them. A band is named by its least number."""

    libelle = "Par nombre de sites"
    tranche = "À partir de"
    aide_des_tranches = "Une tranche est son plus petit nombre de sites ; la première est 1."

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
        return _facultatif(nom) or Chiffre(nom, f"{self.tranche} {nom} {'site' if nom == '1' else 'sites'}")

    def _choisir(self, dit: Any, valeurs: Chiffres) -> tuple[str | None, str]:
        nombre = len({site for site in dit or () if site})
        if not nombre:
            return (
                None,
                "Un bénéficiaire ne nomme aucun site : son plafond n'est pas connu, et compte pour 0.",
            )
        cle = max((cle for cle in self._tranches(valeurs) if int(cle) <= nombre), key=int)
        return cle, f"{nombre} site{'s' if nombre > 1 else ''}"


def feuilles(valeur: Any, chemin: str) -> Iterator[Any]:
    """What stands at a dotted path, lists crossed silently; the last name is given as it is, a list too."""
    nom, _, suite = chemin.partition(".")
    for objet in valeur if isinstance(valeur, list) else (valeur,):
        if isinstance(objet, Mapping) and nom in objet:
            if suite:
                yield from feuilles(objet[nom], suite)
            else:
                yield objet[nom]


def _facultatif(nom: str) -> Chiffre | None:
    return next((chiffre for chiffre in Bareme.facultatifs if chiffre.nom == nom), None)
