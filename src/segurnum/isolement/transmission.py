"""The file that a child is to read, as a descriptor: never its path, and nothing that can be written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from io import BytesIO, UnsupportedOperation
from typing import BinaryIO

_BLOC = 1024 * 1024


@contextlib.contextmanager
def a_lire(flux: BinaryIO | bytes | None) -> Iterator[int | None]:
    """A descriptor of the file that can only be read, with a place in it of its own."""
    if flux is None:
        yield None
        return
    descripteur = _relire(flux) if not isinstance(flux, bytes) else None
    if descripteur is None:
        descripteur = _copier(BytesIO(flux) if isinstance(flux, bytes) else flux)
    try:
        yield descripteur
    finally:
        os.close(descripteur)


def _relire(flux: BinaryIO) -> int | None:
    """The file on disk behind a stream, opened anew; None when there is none.

    Raises OSError for a stream that a full disk keeps from being put there: what is left of it would be read as an
    empty file.
    """
    try:
        flux.flush()
        numero = flux.fileno()
    except (UnsupportedOperation, AttributeError):
        return None
    try:
        return os.open(f"/proc/self/fd/{numero}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # a system without /proc
        return None


def _copier(flux: BinaryIO) -> int:
    """The octets of a stream in a file without a name; the stream is left where it was."""
    place = flux.tell()
    with tempfile.TemporaryFile() if not hasattr(os, "memfd_create") else _en_memoire() as copie:
        flux.seek(0)
        while bloc := flux.read(_BLOC):
            copie.write(bloc)
        copie.flush()
        flux.seek(place)
        descripteur = _relire(copie)
        return descripteur if descripteur is not None else os.dup(copie.fileno())


def _en_memoire() -> BinaryIO:
    return os.fdopen(os.memfd_create("piece", os.MFD_CLOEXEC), "w+b")
