"""Samples to deposit. The demonstration plugs itself in here; the portal does not know it."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings

from segurnum.comptes.models import Entreprise


class Source(Protocol):
    """What offers samples. `lire` raises KeyError for a name that it does not offer to this company now."""

    def catalogue(self, entreprise: Entreprise) -> Sequence[Any]:
        """Samples with `nom`, `groupe` and `description`, group after group."""

    def lire(self, nom: str, entreprise: Entreprise) -> tuple[bytes, str]:
        """Bytes and content type."""


_sources: list[Source] = []


def brancher(source: Source) -> None:
    """Called once, when the program starts."""
    _sources.append(source)


def source() -> Source | None:
    """What offers samples, in a demonstration only."""
    return _sources[0] if _sources and settings.DEMONSTRATION else None
