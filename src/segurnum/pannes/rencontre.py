"""Which part was found down while a request was served, when the page tells it as a refusal among others."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from segurnum.pannes import FichierNonRecu, Partie
from segurnum.pannes.annonce import annoncer


class Rencontre:
    """What was met so far by what began to arrive at `recu_le`. `partie` None: nothing is down."""

    def __init__(self, recu_le: datetime) -> None:
        self.recu_le = recu_le
        self.partie: Partie | None = None


_en_cours: ContextVar[Rencontre | None] = ContextVar("rencontre", default=None)


@contextmanager
def guetter(recu_le: datetime) -> Iterator[Rencontre]:
    """What is refused for an outage inside is told by what this yields."""
    rencontre = Rencontre(recu_le)
    marque = _en_cours.set(rencontre)
    try:
        yield rencontre
    finally:
        _en_cours.reset(marque)


def fichier_non_recu(cause: BaseException) -> FichierNonRecu:
    """The refusal of a file that cannot be kept, which is noted where somebody watches, and told in the log."""
    rencontre = _en_cours.get()
    annoncer(Partie.FICHIERS, cause, rencontre.recu_le if rencontre is not None else None)
    if rencontre is not None:
        rencontre.partie = Partie.FICHIERS
    return FichierNonRecu()
