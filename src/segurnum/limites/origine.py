"""Who the request being served comes from, for the services that count what strangers and companies send.

Set by the web faces around each request; outside of one (worker, command line) nobody is counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origine:
    """`reseau`: digest of the network. `entreprise` and `personne`: keys, None for who has not signed in."""

    reseau: str
    entreprise: int | None = None
    personne: int | None = None

    @property
    def anonyme(self) -> bool:
        return self.personne is None


_ACTUELLE: ContextVar[Origine | None] = ContextVar("origine", default=None)


def actuelle() -> Origine | None:
    return _ACTUELLE.get()


@contextmanager
def depuis(origine: Origine) -> Iterator[None]:
    jeton = _ACTUELLE.set(origine)
    try:
        yield
    finally:
        _ACTUELLE.reset(jeton)
