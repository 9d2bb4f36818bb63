"""Make small files and archives, sound or broken on purpose, for the tests of pieces."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf
from PIL import Image

from segurnum.controles.attendues import PieceAttendue

Noms = Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]]


def pdf(pages: int = 1, *, remplissage: int = 0, **options: Any) -> bytes:
    """A PDF of blank pages; `remplissage` octets of incompressible padding make it as big as wanted."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if remplissage:
        document.Root["/Remplissage"] = document.make_stream(random.Random(7).randbytes(remplissage))
    return enregistrer(document, **options)


def enregistrer(document: pikepdf.Pdf, **options: Any) -> bytes:
    """The bytes of a document."""
    sortie = io.BytesIO()
    document.save(sortie, **options)
    return sortie.getvalue()


def image(format_pillow: str, cotes: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of noise, so that a truncation removes real data."""
    sortie = io.BytesIO()
    bruit = random.Random(3).randbytes(cotes[0] * cotes[1] * 3)
    Image.frombytes("RGB", cotes, bruit).save(sortie, format_pillow)
    return sortie.getvalue()


def archive(contenus: Noms, methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these names and contents; repeated names are possible with pairs."""
    sortie = io.BytesIO()
    paires = contenus.items() if isinstance(contenus, Mapping) else contenus
    with zipfile.ZipFile(sortie, "w", methode) as cible:
        for nom, octets in paires:
            cible.writestr(nom, octets)
    return sortie.getvalue()


def piece(nom: str, index: int = 0, type_: str = "BON_COMMANDE", numero: str = "00001") -> PieceAttendue:
    """An announced piece whose format is that of its name."""
    return PieceAttendue(nom, nom.rpartition(".")[2].upper(), type_, index, numero)
