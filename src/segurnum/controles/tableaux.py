"""The octets of a CSV file as cells: decoding, separators, number of lines. What they mean is not known here."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

CELLULES_MAX = 60  # of one line: many more than any table of the portal has


class Defaut(StrEnum):
    """Why the reading stopped at a line."""

    CODAGE = "codage"
    SYNTAXE = "syntaxe"
    LIGNES = "lignes"
    CLASSEUR = "classeur"


@dataclass(frozen=True, slots=True)
class Tableau:
    """The titles, and the lines that say something with their rank (the titles are line 1).

    `defaut`: why nothing is read from the line `rang` on; None when all was read.
    """

    titres: list[str]
    lignes: list[tuple[int, list[str]]]
    defaut: Defaut | None = None
    rang: int = 0


def lire_tableau(flux: BinaryIO, separateurs: str, secours: str, lignes_max: int) -> Tableau:
    """A table in UTF-8, or in the encoding `secours` if it is given.

    `separateurs`: the one that the titles hold most is taken, the first one when they do not tell.
    """
    octets = flux.read()
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as faute:
        if not secours:
            return Tableau([], [], Defaut.CODAGE, octets.count(b"\n", 0, faute.start) + 1)
        texte = octets.decode(secours, errors="replace")
    entete = texte.partition("\n")[0]
    separateur = max(separateurs, key=entete.count)
    return _lire(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True), lignes_max)


def _lire(tableau: csv._reader, lignes_max: int) -> Tableau:  # type: ignore[name-defined]
    titres: list[str] = []
    lignes: list[tuple[int, list[str]]] = []
    try:
        titres = next(tableau, [])[:CELLULES_MAX]
        for cellules in tableau:
            if any(cellule.strip() for cellule in cellules):
                if len(lignes) == lignes_max:
                    return Tableau(titres, lignes, Defaut.LIGNES, tableau.line_num)
                lignes.append((tableau.line_num, cellules[:CELLULES_MAX]))
    except csv.Error:
        return Tableau(titres, lignes, Defaut.SYNTAXE, tableau.line_num)
    return Tableau(titres, lignes)
