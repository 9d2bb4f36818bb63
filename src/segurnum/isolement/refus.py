"""Why a file was not read to its end. The messages are for the person who sent it."""

from __future__ import annotations

from segurnum.controles.travail import PHRASE_OCCUPE, PHRASE_TRAVAIL
from segurnum.regles.erreurs import GesteImpossible


class ControleImpossible(GesteImpossible):
    """The file was not read to its end; nothing is known of what it holds."""


class TropDeTravail(ControleImpossible):
    """The child went past its limits, died, or answered rubbish. `cause`: for the log, never for the screen."""

    def __init__(self, cause: str) -> None:
        super().__init__(PHRASE_TRAVAIL)
        self.cause = cause


class ControleOccupe(ControleImpossible):
    """No child could be had in time: the file is not at fault."""

    def __init__(self) -> None:
        super().__init__(PHRASE_OCCUPE)


class EnfantPerdu(ControleOccupe):
    """The child died of something else than its work, which another may do."""
