"""Files that a French spreadsheet opens by a double click: CSV, streamed line after line, whatever their length."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice

from segurnum.regles.calendrier import date_fr

SEPARATEUR = ";"
BOM = "\ufeff"  # without it, the spreadsheet would not read the accents
LOT = 500  # lines sent together
# The signs that are blank, of all alphabets, as `str.isspace` knows them: those of PostgreSQL depend on its locale.
_BLANCS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANCS += "\u2028\u2029\u202f\u205f\u3000"
# Before what makes a spreadsheet compute a cell instead of showing it; read alike by Python and by PostgreSQL.
AVANT_UNE_FORMULE = f"^(?=[\t\r\n]|[{_BLANCS}]*[=+@-])"
_ACTIVE = re.compile(AVANT_UNE_FORMULE)
INERTE = "'"  # what is put there: the spreadsheet then shows the text

Cellule = str | date | Decimal | None


def en_octets(titres: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> Iterator[bytes]:
    """The file, piece after piece: its lines are read while it is sent."""
    yield (BOM + _lot([titres])).encode()
    suite = iter(lignes)
    while lot := list(islice(suite, LOT)):
        yield _lot(lot).encode()


def entete(titres: Sequence[str]) -> bytes:
    """The beginning of a file whose lines are written elsewhere, each ended by a mere line feed."""
    return (BOM + _lot([titres], "\n")).encode()


def _lot(lignes: Iterable[Sequence[Cellule]], fin: str = "\r\n") -> str:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=SEPARATEUR, lineterminator=fin)
    ecrivain.writerows([[ecrire(c) for c in ligne] for ligne in lignes])
    return sortie.getvalue()


def ecrire(cellule: Cellule) -> str:
    """« 18/10/2021 », « 1074,99 » without blanks, or a text that no spreadsheet takes for a formula."""
    if cellule is None:
        return ""
    if isinstance(cellule, str):
        return cellule if cellule[:1].isalnum() else _ACTIVE.sub(INERTE, cellule)  # most of them, at once
    if isinstance(cellule, Decimal):
        return f"{cellule:.2f}".replace(".", ",")
    return date_fr(cellule)
