"""Numbers given by the portal: dossiers (FIN…), enrolments (ENR…), and the name of a DSR."""

import re
from dataclasses import dataclass
from typing import Self

from segurnum.regles.cycles import TypeDemande

_COULOIR = re.compile(r"[A-Z][A-Z0-9]{2}")
_DOSSIER = re.compile(r"FIN([A-Z][A-Z0-9]{2})([0-9]{6})(M0|M1)?")
_ENROLEMENT = re.compile(r"ENR([0-9]{4,6})(?:M0)?")
_DSR = re.compile(r"DSR-([A-Z][A-Z0-9]{2})-([A-Z]+(?:-[A-Z]+)*)-Va([1-9])")


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

    def avec_suffixe(self, type_demande: TypeDemande) -> str:
        """The number as lists and payments show it: M0 for the advance, M1 for the balance."""
        return f"{self}{type_demande.suffixe}"

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


@dataclass(frozen=True, order=True)
class NumeroEnrolement:
    """Number of an enrolment: ENR0601, or ENR0601M0 in the confirmation (CON-33, CON-34)."""

    sequence: int

    def __post_init__(self) -> None:
        if not 1 <= self.sequence <= 999_999:
            raise ValueError(
                f"Le rang d'enrôlement {self.sequence} est hors limites : de 1 à 999999 attendu."
            )

    def __str__(self) -> str:
        return f"ENR{self.sequence:04d}"

    @property
    def avec_suffixe(self) -> str:
        """The number as the confirmation shows it; an enrolment has only M0."""
        return f"{self}M0"

    @classmethod
    def lire(cls, texte: str) -> Self:
        """Read a number written with or without its suffix. Raises ValueError (French sentence)."""
        lu = _ENROLEMENT.fullmatch(texte)
        if lu is None or int(lu[1]) == 0:
            raise ValueError(
                f"« {texte} » n'est pas un numéro d'enrôlement : la forme attendue est ENR suivi d'au moins "
                "quatre chiffres, par exemple ENR0601."
            )
        return cls(int(lu[1]))


@dataclass(frozen=True, order=True)
class NomDsr:
    """Name of a DSR: couloir, software type, wave, as DSR-MS1-DUI-Va1 (RUL-016)."""

    couloir: str
    logiciel: str
    vague: int

    def __str__(self) -> str:
        return f"DSR-{self.couloir}-{self.logiciel}-Va{self.vague}"

    @classmethod
    def lire(cls, texte: str) -> Self:
        """Read a written name. Raises ValueError (French sentence)."""
        lu = _DSR.fullmatch(texte)
        if lu is None:
            raise ValueError(
                f"« {texte} » n'est pas un nom de DSR : la forme attendue est DSR-couloir-logiciel-Va suivi "
                "du numéro de vague, par exemple DSR-MS1-DUI-Va1."
            )
        return cls(lu[1], lu[2], int(lu[3]))
