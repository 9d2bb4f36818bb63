"""The digests computed again, away from the database: whoever rewrote its functions there convinces nobody here."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

SEPARATEUR = "\x1f"
# Read in the order of the index that numbers the events: a million of them are never sorted, nor held.
LIRE = (
    "SELECT chaine, rang, extract(epoch FROM instant)::text, coalesce(acteur_id::text, ''), role, objet, geste, "
    "avant, apres, motif, details::text, empreinte_precedente, empreinte FROM journal_evenement ORDER BY chaine, rang"
)


class Lu(NamedTuple):
    """An event as the database keeps it, each column in the text that its digest is made of."""

    chaine: str
    rang: int
    instant: str
    acteur: str
    role: str
    objet: str
    geste: str
    avant: str
    apres: str
    motif: str
    details: str
    empreinte_precedente: str
    empreinte: str


def empreinte_json(valeur: Any) -> str:
    """SHA-256 of a value that JSON can say, its keys in order: the same wherever it is computed."""
    texte = json.dumps(valeur, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(texte.encode()).hexdigest()


@dataclass(frozen=True)
class Rupture:
    """A place where the chain does not hold."""

    chaine: str
    rang: int
    defaut: str

    @property
    def phrase(self) -> str:
        return f"Chaîne {self.chaine}, événement n° {self.rang} : {self.defaut}."


def recalculer(lu: Lu) -> str:
    """The digest that the event must have: what `journal_empreinte` writes."""
    champs = (lu.empreinte_precedente, lu.chaine, str(lu.rang), *lu[2:11])
    return hashlib.sha256(SEPARATEUR.join(champs).encode()).hexdigest()


class Suite:
    """Follows the chains, one event after the other. Only the last one is held, and the counts."""

    def __init__(self) -> None:
        self.chaines = self.evenements = 0
        self._chaine, self._rang, self._precedente = "", 0, ""

    def lire(self, lu: Lu) -> Rupture | None:
        """What is wrong with this event, which follows the one read before."""
        if lu.chaine != self._chaine:
            self._chaine, self._rang, self._precedente = lu.chaine, 0, ""
            self.chaines += 1
        self.evenements += 1
        defaut = self._defaut(lu)
        self._rang, self._precedente = lu.rang, lu.empreinte
        return Rupture(lu.chaine, lu.rang, defaut) if defaut else None

    def _defaut(self, lu: Lu) -> str:
        if lu.empreinte != recalculer(lu):
            return "le contenu a changé"
        if lu.rang != self._rang + 1:
            return "un événement manque avant celui-ci"
        return "" if lu.empreinte_precedente == self._precedente else "la chaîne est rompue"


def suivre(lus: Iterable[Lu]) -> Iterator[Rupture]:
    """Every event whose digest, predecessor or rank is not what the chain requires."""
    suite = Suite()
    for lu in lus:
        if rupture := suite.lire(lu):
            yield rupture
