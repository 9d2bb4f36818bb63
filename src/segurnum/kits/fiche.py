"""Labelled values: an object as it is read."""

from dataclasses import dataclass
from typing import Any

from segurnum.regles.argent import LigneCalcul


@dataclass(frozen=True)
class Donnee:
    """A labelled value. `aide` is its tooltip, `calcul` the line that explains an amount."""

    libelle: str
    valeur: Any
    aide: str = ""
    calcul: LigneCalcul | None = None
