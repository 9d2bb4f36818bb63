"""What a child does with a file: the engine's functions, in the form that `atelier` runs them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import pikepdf
from PIL import Image

from segurnum import couloirs
from segurnum.controles import Contexte, verifier
from segurnum.controles.contenus import verifier_contenu
from segurnum.controles.lecture_pieces import EntreeLue, Sommaire, lire_archive
from segurnum.isolement.enfant import nouvelle_part
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import convertir


def entrees_de_l_archive(flux: BinaryIO, depuis: int, gardees: list[str]) -> Iterator[Sommaire | EntreeLue]:
    """The table of the archive, then each entry from this rank on, each with its own share of the processor."""
    yield from lire_archive(flux, depuis=depuis, gardees=frozenset(gardees), avant_chacune=nouvelle_part)


def echauffer() -> None:
    """Read a little of everything, of our own making: what is compiled or imported at first use is then there."""
    for couloir in couloirs.par_fichier():
        for type_demande in TypeDemande:
            verifier(b'{"lignesImport": [{}]}', Contexte(dsr=couloir.dsr, type=type_demande))
    convertir(BytesIO(b"RPPS;siret"))
    for suffixe, octets in (("pdf", _pdf()), ("png", _image("PNG")), ("jpg", _image("JPEG"))):
        verifier_contenu(BytesIO(octets), f"essai.{suffixe}", len(octets), suffixe)


def _pdf() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        sortie = BytesIO()
        document.save(sortie)
    return sortie.getvalue()


def _image(genre: str) -> bytes:
    sortie = BytesIO()
    Image.new("L", (8, 8)).save(sortie, genre)
    return sortie.getvalue()
