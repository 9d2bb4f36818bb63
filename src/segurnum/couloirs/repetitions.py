"""The lists of a request on a screen where their elements are added and taken away (MOD-028).

While it is edited, an element keeps its rank: one that is taken away leaves a hole, one that is added comes after the
last. So what is typed keeps its name whatever comes or goes; `denombrer` makes it a request again.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segurnum.couloirs.champs import Champ, Chemin, Objet, Tableau, Type, ecrire_chemin

PREFIXE = "rangs:"


# How many may be added to one list in one go: what a page sends does not say how much is built of it.
AJOUTS_MAX = 200
Rangs = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Trou:
    """What stands at the rank of an element that was taken away. `declare`: the request has it, until confirmed."""

    declare: bool


@dataclass(frozen=True)
class Repetition:
    """A list on screen: where it is, what it is called, the ranks that its elements have there.

    `retires`: those of the declared elements that were taken away; `suivant`: that of the next one to be added.
    """

    chemin: Chemin
    libelle: str
    rangs: tuple[int, ...]
    retires: tuple[int, ...]
    suivant: int
    minimum: int

    @property
    def nom(self) -> str:
        """« beneficiaires[0].etablissementsClients », as its buttons name it."""
        return ecrire_chemin(self.chemin)

    @property
    def cle(self) -> str:
        """The name of the field that carries its ranks."""
        return f"{PREFIXE}{self.nom}"

    @property
    def ancre(self) -> str:
        """Where its buttons stand in the page."""
        return "liste-" + "-".join(map(str, self.chemin))

    @property
    def ecrits(self) -> str:
        return ecrire_rangs(self.rangs)


def ecrire_rangs(rangs: Iterable[int]) -> str:
    return " ".join(map(str, rangs))


def lire_rangs(saisie: Mapping[str, str]) -> dict[str, list[int]]:
    """The ranks of each list, as a page sent them; what cannot be read is passed over."""
    lus = {}
    for cle, texte in saisie.items():
        if cle.startswith(PREFIXE):
            lus[cle.removeprefix(PREFIXE)] = [int(rang) for rang in texte.split() if _est_un_rang(rang)]
    return lus


def _est_un_rang(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) <= 4


def etendre(forme: Objet, donnees: Mapping[str, Any], rangs: Rangs) -> dict[str, Any]:
    """The request with a hole for each element taken away, and the added ones, empty."""
    etendues: dict[str, Any] = _etendre(forme, copy.deepcopy(dict(donnees)), (), rangs)
    return etendues


def _etendre(type_: Type, valeur: Any, chemin: Chemin, rangs: Rangs) -> Any:
    if isinstance(type_, Objet) and isinstance(valeur, dict):
        for champ in type_.champs:
            if champ.nom in valeur:
                valeur[champ.nom] = _etendre(champ.type, valeur[champ.nom], (*chemin, champ.nom), rangs)
    elif isinstance(type_, Tableau) and isinstance(valeur, list):
        valeur = _etendre_liste(type_, valeur, chemin, rangs)
    return valeur


def _etendre_liste(type_: Tableau, valeur: list[Any], chemin: Chemin, rangs: Rangs) -> list[Any]:
    declares = len(valeur)
    demandes = rangs.get(ecrire_chemin(chemin))
    gardes = set(range(declares) if demandes is None else demandes)
    dernier = max((rang for rang in gardes if rang < declares + AJOUTS_MAX), default=-1)
    valeur = valeur + [vide(type_.element) for _ in range(dernier + 1 - declares)]
    return [
        _etendre(type_.element, element, (*chemin, rang), rangs) if rang in gardes else Trou(rang < declares)
        for rang, element in enumerate(valeur)
    ]


def vide(type_: Type) -> Any:
    """An element to fill in: each of its fields is on screen, its own lists have none."""
    if isinstance(type_, Objet):
        return {champ.nom: vide(champ.type) for champ in type_.champs if not champ.reserve}
    return [] if isinstance(type_, Tableau) else None


def denombrer(etendues: Mapping[str, Any]) -> dict[str, Any]:
    """The request without its holes."""
    pleines: dict[str, Any] = _boucher(dict(etendues))
    return pleines


def _boucher(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        return {nom: _boucher(lue) for nom, lue in valeur.items()}
    if isinstance(valeur, list):
        return [_boucher(lue) for lue in valeur if not isinstance(lue, Trou)]
    return valeur


def place_finale(etendues: Mapping[str, Any], chemin: Chemin) -> Chemin:
    """Where a value of the screen stands once the holes are gone: what is wrong with it is told beside its field."""
    finale: list[int | str] = []
    lue: Any = etendues
    for pas in chemin:
        if isinstance(pas, int):
            finale.append(sum(not isinstance(element, Trou) for element in lue[:pas]))
        else:
            finale.append(pas)
        lue = lue[pas]
    return tuple(finale)


def repetitions(forme: Objet, etendues: Mapping[str, Any], fixes: Iterable[str]) -> Iterator[Repetition]:
    """Every list that may be changed on screen, the outer ones before those of their elements."""
    for champ in forme.champs:
        if champ.nom not in fixes and not champ.reserve:
            yield from _repetitions(champ, champ.type, etendues.get(champ.nom), (champ.nom,), ())


def _repetitions(
    champ: Champ, type_: Type, valeur: Any, chemin: Chemin, titres: tuple[str, ...]
) -> Iterator[Repetition]:
    if isinstance(type_, Objet) and isinstance(valeur, dict):
        for fils in type_.champs:
            if not fils.reserve:
                suite = (*chemin, fils.nom)
                yield from _repetitions(
                    fils, fils.type, valeur.get(fils.nom), suite, (*titres, champ.libelle)
                )
    elif isinstance(type_, Tableau) and isinstance(valeur, list):
        rangs = tuple(rang for rang, element in enumerate(valeur) if not isinstance(element, Trou))
        retires = tuple(
            rang for rang, element in enumerate(valeur) if isinstance(element, Trou) and element.declare
        )
        libelle = " › ".join((*titres, champ.libelle))
        yield Repetition(chemin, libelle, rangs, retires, len(valeur), type_.minimum)
        for place, rang in enumerate(rangs, start=1):
            if isinstance(type_.element, Objet):
                numerotes = (*titres, f"{champ.libelle} n° {place}")
                for fils in type_.element.champs:
                    suite = (*chemin, rang, fils.nom)
                    yield from _repetitions(fils, fils.type, valeur[rang].get(fils.nom), suite, numerotes)
