"""Taking a time, several times, and what a measure says."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Reglages:
    """How much is measured. `rapide`: smaller sizes and fewer runs, to see that the measures work."""

    rapide: bool
    dire: Callable[[str], None]

    @property
    def passes(self) -> int:
        return 3 if self.rapide else 7


@dataclass(frozen=True)
class Ligne:
    """One row of the table: two medians in seconds, and their ratio when there is a reference."""

    mesure: str
    duree: float
    reference: str = ""
    duree_reference: float | None = None
    detail: str = ""

    @property
    def rapport(self) -> float | None:
        return self.duree / self.duree_reference if self.duree_reference else None


def mediane(
    fonction: Callable[[], object], passes: int, *, preparer: Callable[[], object] | None = None
) -> float:
    """Median duration in seconds; a first pass is not counted. `preparer` runs before each pass, outside of it."""
    return statistics.median(list(durees(fonction, passes + 1, preparer=preparer))[1:])


def durees(
    fonction: Callable[[], object], passes: int, *, preparer: Callable[[], object] | None = None
) -> Iterator[float]:
    for _ in range(passes):
        if preparer is not None:
            preparer()
        gc.collect()
        debut = time.perf_counter()
        fonction()
        yield time.perf_counter() - debut


@dataclass
class Compteur:
    """Number of SQL statements seen."""

    nombre: int = 0

    def __call__(self, executer: Callable[..., Any], sql: str, *reste: Any) -> Any:
        self.nombre += 1
        return executer(sql, *reste)


@contextmanager
def compter() -> Iterator[Compteur]:
    compteur = Compteur()
    with connection.execute_wrapper(compteur):
        yield compteur


def duree_fr(secondes: float) -> str:
    """« 12,3 ms », « 4,56 s »."""
    texte = (
        f"{secondes * 1000:.2f} ms"
        if secondes < 0.1
        else f"{secondes * 1000:.0f} ms"
        if secondes < 1
        else f"{secondes:.2f} s"
    )
    return texte.replace(".", ",")


def entier_fr(nombre: int) -> str:
    return f"{nombre:,}".replace(",", "\u202f")
