"""Files that a French spreadsheet opens by a double click: CSV, streamed line after line, whatever their length."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice

from segurnum.regles.calendrier import date_fr

SEPARATEUR = ";"
BOM = "\ufeff"  # without it, the spreadsheet would not read the accents
LOT = 500  # lines sent together
# What makes a spreadsheet compute a cell instead of showing it.
_FORMULES = ("=", "+", "-", "@")
_ESPACES_ACTIFS = ("\t", "\r", "\n")

Cellule = str | date | Decimal | None


def en_octets(titres: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> Iterator[bytes]:
    """The file, piece after piece: its lines are read while it is sent."""
    yield (BOM + _lot([titres])).encode()
    suite = iter(lignes)
    while lot := list(islice(suite, LOT)):
        yield _lot(lot).encode()


def _lot(lignes: Iterable[Sequence[Cellule]]) -> str:
    sortie = io.StringIO()
    csv.writer(sortie, delimiter=SEPARATEUR).writerows([[ecrire(c) for c in ligne] for ligne in lignes])
    return sortie.getvalue()


def ecrire(cellule: Cellule) -> str:
    """« 18/10/2021 », « 1074,99 » without blanks, or a text that no spreadsheet takes for a formula."""
    if cellule is None:
        return ""
    if isinstance(cellule, str):
        return cellule if cellule[:1].isalnum() else _inerte(cellule)  # most of them, at once
    if isinstance(cellule, Decimal):
        return f"{cellule:.2f}".replace(".", ",")
    return date_fr(cellule)


def _inerte(cellule: str) -> str:
    actif = cellule.startswith(_ESPACES_ACTIFS) or cellule.lstrip().startswith(_FORMULES)
    return f"'{cellule}" if actif else cellule
