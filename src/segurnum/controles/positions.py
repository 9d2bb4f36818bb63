"""Where things stand in a JSON text: one pass, only when there is something to report.

The text must already have been accepted by the JSON parser: nothing is checked here. What is not asked for
is skipped by the parser itself, so that placing a few anomalies costs little more than reading the file
again. Offsets count characters from 0; lines and columns count from 1.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from segurnum.couloirs.champs import Chemin

# Possessive: a long text is crossed without remembering how to come back, which costs sixty times its size.
_JETON = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)
# One match for what parts two values: the opening or the comma, and the key with its colon.
_CLE = r'"((?:[^"\\]++|\\.)*+)"[ \t\n\r]*:[ \t\n\r]*'
_OUVERTURE_ET_CLE = re.compile(rf"\{{[ \t\n\r]*{_CLE}")
_VIRGULE_ET_CLE = re.compile(rf"[ \t\n\r]*,[ \t\n\r]*{_CLE}")
_OUVERTURE_ET_VALEUR = re.compile(r"\[[ \t\n\r]*(?!\])")
_VIRGULE_ET_VALEUR = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_CONSTANTES = {"NaN", "Infinity", "-Infinity"}

# Reads one value and says where it ends; numbers are left as text, whatever their length.
_lire_valeur = json.JSONDecoder(parse_int=str, parse_float=str).scan_once  # type: ignore[attr-defined]


class Place(NamedTuple):
    """Offsets of a value and of the key that names it (the value's own offset inside an array)."""

    valeur: int
    cle: int


class _Noeud:
    """A place and, below it, those of the steps asked for."""

    __slots__ = ("enfants", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.enfants: dict[str | int, _Noeud] = {}


class Lignes:
    """The lines of a text, numbered from 1; four octets a line, and none is copied before it is asked for."""

    def __init__(self, texte: str) -> None:
        self._texte = texte

    def __len__(self) -> int:
        return len(self._debuts)

    def ligne_colonne(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        ligne = bisect_right(self._debuts, offset)
        return ligne, offset - self._debuts[ligne - 1] + 1

    def longueur(self, numero: int) -> int:
        """Characters of a line, its end (\\n or \\r\\n) left out."""
        return self._fin(numero) - self._debuts[numero - 1]

    def tranche(self, numero: int, depuis: int, combien: int) -> str:
        """Some characters of a line, `depuis` counted from 0."""
        debut = self._debuts[numero - 1] + depuis
        return self._texte[debut : min(debut + combien, self._fin(numero))]

    def _fin(self, numero: int) -> int:
        fin = self._debuts[numero] - 1 if numero < len(self._debuts) else len(self._texte)
        return fin - (fin > self._debuts[numero - 1] and self._texte[fin - 1] == "\r")

    @cached_property
    def _debuts(self) -> array[int]:
        return array("I", chain((0,), (m.end() for m in re.finditer("\n", self._texte))))


class Positions:
    """Answers « which line, which column » for paths and offsets of one text."""

    def __init__(self, texte: str) -> None:
        self._texte = texte
        self.ligne_colonne = Lignes(texte).ligne_colonne

    def places(self, chemins: Iterable[Chemin]) -> list[Place]:
        """Where each path stands; a path that does not exist gets its nearest ancestor's place."""
        demandes = list(chemins)
        if not demandes:
            return []
        racine = _Parcours(self._texte, _arbre(demandes)).racine
        return [_place(racine, chemin) for chemin in demandes]

    def cles_repetees(self, maximum: int) -> list[tuple[Chemin, int]]:
        """Path and offset of the keys already seen in the same object, the first `maximum` of them."""
        return list(islice(_Repetees(self._texte).trouvees(), maximum))


def _arbre(chemins: list[Chemin]) -> dict[Any, Any]:
    """The paths as a tree of their steps."""
    racine: dict[Any, Any] = {}
    for chemin in chemins:
        noeud = racine
        for pas in chemin:
            noeud = noeud.setdefault(pas, {})
    return racine


def _place(noeud: _Noeud, chemin: Chemin) -> Place:
    for pas in chemin:
        enfant = noeud.enfants.get(pas)
        if enfant is None:
            break
        noeud = enfant
    return noeud.place


def _apres_blancs(texte: str) -> int:
    """Offset of the first sign that is no blank."""
    return len(texte) - len(texte.lstrip(" \t\n\r"))


class _Parcours:
    """The pass over the text that follows the steps of a tree, and skips the rest. A key met again takes the place of
    the first one: the parser keeps the last occurrence too.
    """

    def __init__(self, texte: str, arbre: dict[Any, Any]) -> None:
        self._texte = texte
        debut = _apres_blancs(texte)
        self.racine = _Noeud(Place(debut, debut))
        self._valeur(self.racine, arbre)

    def _valeur(self, noeud: _Noeud, arbre: dict[Any, Any]) -> int:
        """Follow a value; returns the offset just after it."""
        offset = noeud.place.valeur
        if arbre and self._texte[offset] == "{":
            return self._objet(noeud, arbre, offset)
        if arbre and self._texte[offset] == "[":
            return self._tableau(noeud, arbre, offset)
        return fin_de_valeur(self._texte, offset)

    def _objet(self, noeud: _Noeud, arbre: dict[Any, Any], offset: int) -> int:
        texte = self._texte
        cle = _OUVERTURE_ET_CLE.match(texte, offset)
        while cle is not None:
            nom = cle[1] if "\\" not in cle[1] else json.loads(f'"{cle[1]}"')
            offset = cle.end()
            if nom in arbre:
                enfant = noeud.enfants[nom] = _Noeud(Place(offset, cle.start(1) - 1))
                offset = self._valeur(enfant, arbre[nom])
            else:
                offset = _lire_valeur(texte, offset)[1]
            cle = _VIRGULE_ET_CLE.match(texte, offset)
        return texte.index("}", offset) + 1

    def _tableau(self, noeud: _Noeud, arbre: dict[Any, Any], offset: int) -> int:
        texte, debut, dernier, rang = self._texte, offset, max(arbre, default=-1), 0
        place = _OUVERTURE_ET_VALEUR.match(texte, offset)
        while place is not None:
            if rang > dernier:
                return fin_de_valeur(texte, debut)
            offset = place.end()
            if rang in arbre:
                enfant = noeud.enfants[rang] = _Noeud(Place(offset, offset))
                offset = self._valeur(enfant, arbre[rang])
            else:
                offset = _lire_valeur(texte, offset)[1]
            rang += 1
            place = _VIRGULE_ET_VALEUR.match(texte, offset)
        return texte.index("]", offset) + 1


class _Repetees:
    """The pass over the text that follows everything, for the keys that an object says twice."""

    def __init__(self, texte: str) -> None:
        self._texte = texte
        self._offset = _apres_blancs(texte)

    def trouvees(self, chemin: Chemin = ()) -> Iterator[tuple[Chemin, int]]:
        """Path and offset of each key already seen, below the value that stands here; the value is left behind."""
        if self._texte[self._offset] == "{":
            yield from self._dans_l_objet(chemin)
        elif self._texte[self._offset] == "[":
            yield from self._dans_le_tableau(chemin)
        else:
            self._offset = fin_de_valeur(self._texte, self._offset)

    def _dans_l_objet(self, chemin: Chemin) -> Iterator[tuple[Chemin, int]]:
        vues: set[str] = set()
        cle = _OUVERTURE_ET_CLE.match(self._texte, self._offset)
        while cle is not None:
            nom = json.loads(f'"{cle[1]}"')
            if nom in vues:
                yield (*chemin, nom), cle.start(1) - 1
            vues.add(nom)
            self._offset = cle.end()
            yield from self.trouvees((*chemin, nom))
            cle = _VIRGULE_ET_CLE.match(self._texte, self._offset)
        self._offset = self._texte.index("}", self._offset) + 1

    def _dans_le_tableau(self, chemin: Chemin) -> Iterator[tuple[Chemin, int]]:
        rang = 0
        place = _OUVERTURE_ET_VALEUR.match(self._texte, self._offset)
        while place is not None:
            self._offset = place.end()
            yield from self.trouvees((*chemin, rang))
            rang += 1
            place = _VIRGULE_ET_VALEUR.match(self._texte, self._offset)
        self._offset = self._texte.index("]", self._offset) + 1


def fin_de_valeur(texte: str, offset: int) -> int:
    """Offset just after the value (or the key) that begins at `offset`."""
    fin: int = _lire_valeur(texte, offset)[1]
    return fin


def offset_trop_profond(texte: str, maximum: int) -> int:
    """Offset of the first `{` or `[` nested beyond `maximum`."""
    profondeur = 0
    for jeton in _JETON.finditer(texte):
        if jeton.group() in "{[":
            profondeur += 1
            if profondeur > maximum:
                return jeton.start()
        elif jeton.group() in "}]":
            profondeur -= 1
    return 0


def offset_demesure(texte: str) -> int:
    """Offset of the first number that no decimal can hold."""
    for jeton in _JETON.finditer(texte):
        if "e" in jeton.group().lower() and jeton.group()[0] in "-0123456789":
            try:
                Decimal(jeton.group())
            except InvalidOperation:
                return jeton.start()
    return 0


def offsets_constantes(texte: str, maximum: int) -> list[tuple[str, int]]:
    """The first NaN and Infinity with their offsets: numbers for Python, not for JSON."""
    trouves = ((j.group(), j.start()) for j in _JETON.finditer(texte) if j.group() in _CONSTANTES)
    return list(islice(trouves, maximum))
