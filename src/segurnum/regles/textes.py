"""How a text that a person sent is told back – never as it is, whatever its length and its signs – and compared."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGUEUR_CITEE = 60  # characters
NOM_MAX = 150  # letters of the name of a file, the extension included
_SIGNES_DES_CHEMINS = frozenset('/\\:*?"<>|')
SANS_NOM = "document"

# What programs and spreadsheets write where there is nothing.
REMPLISSAGES = frozenset(
    (
        *("null", "NULL", "(null)", "<null>", "None", "nil", "undefined", "NaN", "nan", "[object Object]"),
        *("#N/A", "#N/D", "#REF!", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NUM!", "#NOMBRE!"),
        *("#NULL!", "#NUL!", "########"),
    )
)
# French letters and signs in UTF-8 that were read as cp1252 (or latin-1): « Ã‰ » for « É », « â€™ » for « ’ ».
_CP1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MAL_LU = re.compile(f"[ÂÃ][\x80-\xbf{_CP1252}]|Å[\x92\x93\xb8’“]|â[\x80€][\x80-\xbf{_CP1252}]")


def lisible(texte: str) -> str:
    """A text as a report may carry it: short, on one line, printable. Values, names and paths alike."""
    if len(texte) > LONGUEUR_CITEE:
        texte = texte[: LONGUEUR_CITEE - 1] + "…"
    if not texte.isprintable():
        texte = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in texte)
    return texte


def tronquer(texte: str, longueur: int) -> str:
    """The beginning of a text, with « … » where it was cut."""
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rstrip()}…"


def nom_de_fichier(nom: str) -> str:
    """A name that fits in a header and in a folder: no sign that is not seen, no path, not too long (RFC 6266)."""
    visibles = "".join("_" if _interdit(signe) else signe for signe in nom)
    propre = re.sub(r"\s+", " ", visibles).strip(" .")
    if not propre:
        return SANS_NOM
    suffixe = PurePosixPath(propre).suffix[:16]
    return propre if len(propre) <= NOM_MAX else propre[: NOM_MAX - len(suffixe)] + suffixe


def _interdit(signe: str) -> bool:
    return signe in _SIGNES_DES_CHEMINS or unicodedata.category(signe)[0] == "C"


def cle_de_titre(titre: str) -> str:
    """The title of a column, however a spreadsheet writes it: without accents, capitals nor signs."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFD", titre.lower()))


def texte_repare(texte: str) -> str:
    """The text, what another program damaged by reading UTF-8 as cp1252 put right (« LHÃ‰RITIER »: « LHÉRITIER »)."""
    return texte if texte.isascii() else _MAL_LU.sub(_relire, texte)


def _relire(morceau: re.Match[str]) -> str:
    octets = b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in morceau[0])
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return morceau[0]
