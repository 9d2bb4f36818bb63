"""What a check finds before it is given a line and a column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from segurnum.controles.catalogue import Code
from segurnum.couloirs.champs import Chemin
from segurnum.regles.textes import lisible

_LONGUEUR_COMPAREE = 60


@dataclass(frozen=True, slots=True)
class Constat:
    """One finding at a path; `sur_cle` points at the field's name rather than at its value."""

    code: Code
    message: str
    chemin: Chemin
    sur_cle: bool = False


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


def le_plus_proche(texte: str, noms: Iterable[str], *, seuil: float = 0.6) -> str | None:
    """The name nearest to a text, None when none is; a long text is near to nothing, and slow to compare."""
    if len(texte) > _LONGUEUR_COMPAREE:
        return None
    proches = difflib.get_close_matches(texte, noms, n=1, cutoff=seuil)
    return proches[0] if proches else None
