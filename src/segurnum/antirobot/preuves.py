"""What a proof is worth: a few sendings of one form by one browser."""

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from segurnum.antirobot.services import Epreuve, accepter
from segurnum.limites.queries import compte
from segurnum.limites.services import permettre

# A form that is refused is not to be proved again.
ENVOIS_PAR_EPREUVE = 5
DUREE = timedelta(hours=1)
_SESSION = "epreuves"


@dataclass(frozen=True)
class Preuve:
    """That a person sends this form from this browser. Its session names the proof, the database counts its use:
    sendings made at once are not free.
    """

    session: MutableMapping[str, Any]
    formulaire: str

    @property
    def reste(self) -> int:
        """How many sendings are already proved."""
        deja = compte(self._cle) if self._cle else 0
        return ENVOIS_PAR_EPREUVE - deja if deja else 0

    def donner(self, epreuve: Epreuve, adresse: str) -> None:
        """Use up a sending of the proof given before, or the one that comes. Raises EpreuveRefusee."""
        if not epreuve.piege and self.reste and self._compter():
            return
        accepter(epreuve=epreuve, adresse=adresse)
        preuves = self.session.get(_SESSION, {})
        self.session[_SESSION] = preuves | {self.formulaire: secrets.token_urlsafe(12)}
        self._compter()

    @property
    def _cle(self) -> str:
        connue = self.session.get(_SESSION, {}).get(self.formulaire, "")
        return connue and f"epreuve:{connue}"

    def _compter(self) -> bool:
        return permettre(self._cle, maximum=ENVOIS_PAR_EPREUVE, duree=DUREE)
