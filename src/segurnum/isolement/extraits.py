"""A national file that is on the disk of the installation: a child reads it, whatever its size."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

from segurnum.controles.refus import FichierRefuse
from segurnum.isolement.atelier import parcourir
from segurnum.isolement.limites import EXTRAIT
from segurnum.isolement.refus import ControleImpossible

T = TypeVar("T")


@contextlib.contextmanager
def depouiller(
    lire: Callable[..., Iterator[T]], chemin: Path, *arguments: Any
) -> Iterator[Generator[T, None, None]]:
    """What `lire` gives of this file, in a child. Raises FichierRefuse, also while it is walked."""
    try:
        flux = chemin.open("rb", buffering=0)
    except OSError as faute:
        raise FichierRefuse(
            f"« {chemin} » ne se lit pas : vérifiez que ce fichier existe et qu'il est à vous."
        ) from faute
    with flux:
        suite = parcourir(lire, *arguments, flux=flux, limites=EXTRAIT)
        try:
            with contextlib.closing(suite):
                yield suite
        except ControleImpossible as refus:
            raise FichierRefuse(str(refus)) from refus
