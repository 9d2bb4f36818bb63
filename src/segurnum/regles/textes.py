"""How a text that a person sent is told back – never as it is, whatever its length and its signs – and compared."""

from __future__ import annotations

import re
import unicodedata

LONGUEUR_CITEE = 60  # characters


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


def cle_de_titre(titre: str) -> str:
    """The title of a column, however a spreadsheet writes it: without accents, capitals nor signs."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFD", titre.lower()))
