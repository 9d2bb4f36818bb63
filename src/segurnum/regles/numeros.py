"""The numbers that the portal gives to dossiers (FIN…)."""

import re
from dataclasses import dataclass
from typing import Self

from segurnum.regles.cycles import TypeDemande

_COULOIR = re.compile(r"[A-Z][A-Z0-9]{2}")
_DOSSIER = re.compile(r"FIN([A-Z][A-Z0-9]{2})([0-9]{6})(M0|M1)?")


@dataclass(frozen=True, order=True)
class NumeroDossier:
    """Number of a dossier, shared by its advance and its balance (RUL-014, CON-33).

    `couloir`: 3 characters; `sequence`: 1 to 999999. Raises ValueError outside these.
    """

    couloir: str
    sequence: int

    def __post_init__(self) -> None:
        if _COULOIR.fullmatch(self.couloir) is None or not 1 <= self.sequence <= 999_999:
            raise ValueError(
                f"Le numéro de dossier ne peut pas être formé avec le couloir « {self.couloir} » et le rang "
                f"{self.sequence} : un code de trois caractères et un rang de 1 à 999999 sont attendus."
            )

    def __str__(self) -> str:
        return f"FIN{self.couloir}{self.sequence:06d}"

    @classmethod
    def lire(cls, texte: str) -> Self:
        """Read a number written with or without its suffix. Raises ValueError (French sentence)."""
        lu = _DOSSIER.fullmatch(texte)
        if lu is None or int(lu[2]) == 0:
            raise ValueError(
                f"« {texte} » n'est pas un numéro de dossier : la forme attendue est FIN suivi du code du "
                "couloir et de six chiffres, par exemple FINMS1010719 ou FINMS1010719M0."
            )
        return cls(lu[1], int(lu[2]))


def type_selon_suffixe(texte: str) -> TypeDemande | None:
    """Advance or balance, told by the suffix of a written dossier number; None without suffix."""
    lu = _DOSSIER.fullmatch(texte)
    return next((t for t in TypeDemande if lu is not None and t.suffixe == lu[3]), None)


def dossiers_cites(texte: str) -> set[str]:
    """The numbers of dossiers that a text names, with or without their suffix, in any case."""
    return {f"FIN{lu[1]}{lu[2]}" for lu in _DOSSIER.finditer(texte.upper())}
