"""What a check finds before it is given a line and a column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from segurnum.controles.catalogue import Code, Severite
from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs.champs import Chemin, ecrire_chemin
from segurnum.regles.textes import lisible

_LONGUEUR_COMPAREE = 60


@dataclass(frozen=True, slots=True)
class Proposition:
    """What would pass at a place of the file: a value, or another name for the field there.

    `sure`: nothing is guessed nor lost (a key holds, only the writing differs): it may be written without asking.
    """

    chemin: Chemin
    valeur: Any = None
    sure: bool = False
    nom: str | None = None

    @property
    def ecrite(self) -> str:
        """As the file would say it."""
        return ecrire_json(self.valeur if self.nom is None else self.nom).rstrip()

    def en_dict(self) -> dict[str, Any]:
        """The published form: `nom` when the field is to be renamed, else `valeur` (an amount is a number)."""
        valeur = float(self.valeur) if isinstance(self.valeur, Decimal) else self.valeur
        quoi = {"valeur": valeur} if self.nom is None else {"nom": self.nom}
        return {"chemin": ecrire_chemin(self.chemin), **quoi, "sure": self.sure}


@dataclass(frozen=True, slots=True)
class Constat:
    """One finding at a path; `sur_cle` points at the field's name rather than at its value.

    `severite`: of a finding that is milder than its code, None for the code's own.
    """

    code: Code
    message: str
    chemin: Chemin
    sur_cle: bool = False
    proposition: Proposition | None = None
    severite: Severite | None = None


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
    return _le_plus_proche(texte, tuple(noms), seuil) if len(texte) <= _LONGUEUR_COMPAREE else None


@lru_cache(maxsize=1024)  # the same slip comes back at each request; of short texts only
def _le_plus_proche(texte: str, noms: tuple[str, ...], seuil: float) -> str | None:
    proches = difflib.get_close_matches(texte, noms, n=1, cutoff=seuil)
    return proches[0] if proches else None
