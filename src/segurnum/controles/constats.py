"""What a check finds before it is given a line and a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from segurnum.controles.catalogue import Code
from segurnum.couloirs.champs import Chemin

_LONGUEUR_CITEE = 60


@dataclass(frozen=True, slots=True)
class Constat:
    """One finding at a path; `sur_cle` points at the field's name rather than at its value."""

    code: Code
    message: str
    chemin: Chemin
    sur_cle: bool = False


def lisible(texte: str) -> str:
    """A text of the file as a report may carry it: short, on one line, printable."""
    if len(texte) > _LONGUEUR_CITEE:
        texte = texte[: _LONGUEUR_CITEE - 1] + "…"
    if not texte.isprintable():
        texte = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in texte)
    return texte


def citer(valeur: Any) -> str:
    """A value as a message quotes it."""
    return f"« {lisible(str(valeur))} »"


def decrire(valeur: Any) -> str:
    """What was found instead of the expected type: « le texte « abc » », « une liste », « null »."""
    if valeur is None:
        return "null"
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, str):
        return f"le texte {citer(valeur)}"
    if isinstance(valeur, dict):
        return "un objet"
    return "une liste" if isinstance(valeur, list) else f"le nombre {citer(valeur)}"
