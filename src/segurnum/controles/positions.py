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
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import chain, islice
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from segurnum.couloirs.champs import Chemin

# Possessive: a long text is crossed without remembering how to come back, which costs sixty times its size.
_JETON = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)
_BLANCS = re.compile(r"[ \t\n\r]*")
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
        return _Parcours(self._texte, None, maximum).repetees


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


class _Assez(Exception):
    """Enough has been found."""


class _Parcours:
    """The pass over the text. `arbre` holds the steps to follow; None follows everything, for repeated keys."""

    def __init__(self, texte: str, arbre: dict[Any, Any] | None, repetees_max: int = 0) -> None:
        self._texte = texte
        self._repetees_max = repetees_max
        self.repetees: list[tuple[Chemin, int]] = []
        debut = self._apres_blancs(0)
        self.racine = _Noeud(Place(debut, debut))
        with suppress(_Assez):
            self._valeur(self.racine, (), arbre)

    def _apres_blancs(self, offset: int) -> int:
        blancs = _BLANCS.match(self._texte, offset)
        return blancs.end() if blancs else offset

    def _valeur(self, noeud: _Noeud, chemin: Chemin, arbre: dict[Any, Any] | None) -> int:
        """Follow a value; returns the offset just after it."""
        offset = noeud.place.valeur
        ouvrant = self._texte[offset]
        if arbre == {} or ouvrant not in "{[":
            fin: int = _lire_valeur(self._texte, offset)[1]
            return fin
        return (self._objet if ouvrant == "{" else self._tableau)(noeud, chemin, arbre)

    def _objet(self, noeud: _Noeud, chemin: Chemin, arbre: dict[Any, Any] | None) -> int:
        vues: set[str] = set()
        offset = self._apres_blancs(noeud.place.valeur + 1)
        while self._texte[offset] != "}":
            debut_cle = offset
            cle, offset = scanstring(self._texte, offset + 1)
            offset = self._apres_blancs(self._apres_blancs(offset) + 1)
            if arbre is None and cle in vues:
                self.repetees.append(((*chemin, cle), debut_cle))
                if len(self.repetees) == self._repetees_max:
                    raise _Assez
            vues.add(cle)
            offset = self._element(noeud, (*chemin, cle), Place(offset, debut_cle), arbre)
        return offset + 1

    def _tableau(self, noeud: _Noeud, chemin: Chemin, arbre: dict[Any, Any] | None) -> int:
        rang, dernier = 0, None if arbre is None else max(arbre, default=-1)
        offset = self._apres_blancs(noeud.place.valeur + 1)
        while self._texte[offset] != "]":
            if dernier is not None and rang > dernier:
                fin: int = _lire_valeur(self._texte, noeud.place.valeur)[1]
                return fin
            offset = self._element(noeud, (*chemin, rang), Place(offset, offset), arbre)
            rang += 1
        return offset + 1

    def _element(self, parent: _Noeud, chemin: Chemin, place: Place, arbre: dict[Any, Any] | None) -> int:
        """Follow or skip one element; returns the offset of the next one, or of the closing sign.

        A key met again replaces what was kept of the first: the parser keeps the last occurrence too.
        """
        noeud = _Noeud(place)
        if arbre is not None and chemin[-1] in arbre:
            parent.enfants[chemin[-1]] = noeud
        suite = None if arbre is None else arbre.get(chemin[-1], {})
        offset = self._apres_blancs(self._valeur(noeud, chemin, suite))
        return self._apres_blancs(offset + 1) if self._texte[offset] == "," else offset


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
