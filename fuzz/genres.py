"""The files that people send, spoilt and handed to the engine: JSON of requests, ZIP of pieces, PDF, pictures."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from fuzz import mutations
from segurnum.controles import PieceAttendue, verifier, verifier_fichier, verifier_pieces
from segurnum.controles.fichiers import PIECE_FORMULAIRE, PIECE_ZIP
from segurnum.controles.tests.corpus import CORPUS
from segurnum.controles.tests.fabrique_pieces import image, pdf
from segurnum.controles.tests.pieges import PIEGES

SIGNES_ZIP = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08")
SIGNES_IMAGE = (
    b"IHDR",
    b"IDAT",
    b"IEND",
    b"\xff\xc0",
    b"\xff\xc2",
    b"\xff\xda",
    b"\xff\xdb",
    b"\xff\xc4",
    b"\xff\xe1",
)


def _alterer(alea: Random, source: bytes, possibles: Sequence[mutations.Mutation]) -> bytes:
    for _ in range(alea.randint(1, 3)):
        source = alea.choice(possibles)(alea, source)
    return source


class Json:
    """A file of requests, from the corpus or made to cost much."""

    nom = "json"

    @cached_property
    def graines(self) -> list[bytes]:
        return [f.read_bytes() for f in sorted(Path(CORPUS).rglob("*.json")) if ".contexte" not in f.name]

    def engendrer(self, alea: Random) -> bytes:
        if alea.random() < 0.25:
            nom = alea.choice(("a", "&", "siret", "k" * 300, "é漢", "\\u0000"))
            texte = PIEGES[alea.choice(sorted(PIEGES))](alea.choice((1, 20, 400, 4_000)), nom)
            return texte.encode("utf-8", "surrogatepass")
        possibles = (mutations.json_structure, mutations.json_structure, mutations.octets)
        return _alterer(alea, alea.choice(self.graines), possibles)

    def eprouver(self, octets: bytes) -> int:
        rapport = verifier(octets)
        return len(rapport.en_json().encode()) + len(rapport.en_texte().encode())


class Pdf:
    """A PDF, with its text in clear so that its words can be exchanged."""

    nom = "pdf"

    @cached_property
    def graines(self) -> list[bytes]:
        import pikepdf

        clair = {
            "deterministic_id": True,
            "compress_streams": False,
            "object_stream_mode": pikepdf.ObjectStreamMode.disable,
        }
        serre = {"deterministic_id": True, "object_stream_mode": pikepdf.ObjectStreamMode.generate}
        return [pdf(1, **clair), pdf(4, **clair), pdf(2, **serre), pdf(1, remplissage=2_000, **clair)]

    def engendrer(self, alea: Random) -> bytes:
        possibles = (mutations.pdf, mutations.pdf, mutations.octets)
        return _alterer(alea, alea.choice(self.graines), possibles)

    def eprouver(self, octets: bytes) -> int:
        return _juger(octets, "piece.pdf")


class Image:
    """A picture, its headers changed above all."""

    nom = "image"

    @cached_property
    def graines(self) -> list[bytes]:
        return [image("PNG"), image("JPEG"), image("PNG", (200, 3)), image("JPEG", (3, 200)), image("GIF")]

    def engendrer(self, alea: Random) -> bytes:
        possibles = (mutations.champs_binaires(*SIGNES_IMAGE, portee=20), mutations.octets)
        return _alterer(alea, alea.choice(self.graines), possibles)

    def eprouver(self, octets: bytes) -> int:
        return _juger(octets, "piece.png" if octets[:1] == b"\x89" else "piece.jpg")


def _juger(octets: bytes, nom: str) -> int:
    return sum(
        len(phrase)
        for regle in (PIECE_ZIP, PIECE_FORMULAIRE)
        for _, phrase in verifier_fichier(io.BytesIO(octets), nom, len(octets), regle)
    )


@dataclass(frozen=True)
class Zip:
    """An archive of pieces: its headers, its names and what it holds."""

    pdf: Pdf
    image: Image
    nom: str = "zip"

    def engendrer(self, alea: Random) -> bytes:
        sortie = io.BytesIO()
        methode = alea.choice(
            (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
        )
        with zipfile.ZipFile(sortie, "w", methode) as archive:
            for rang in range(alea.choice((0, 1, 2, 2, 3, 40))):
                entree = zipfile.ZipInfo(self._nom(alea, rang), (2026, 1, 1, 0, 0, 0))
                entree.compress_type = methode
                archive.writestr(entree, self._contenu(alea))
        if alea.random() < 0.2:
            return sortie.getvalue()
        possibles = (
            mutations.champs_binaires(*SIGNES_ZIP),
            mutations.champs_binaires(*SIGNES_ZIP),
            mutations.octets,
        )
        return _alterer(alea, sortie.getvalue(), possibles)

    def _nom(self, alea: Random, rang: int) -> str:
        return alea.choice(
            (
                f"mdv-lgc-va1-bdc-{rang + 1:05d}.pdf",
                f"dossier/mdv-lgc-va1-bdc-{rang + 1:05d}.pdf",
                f"dossier\\mdv-lgc-va1-ht-{rang + 1:05d}.png",
                f"__MACOSX/._{rang}",
                "../" * 30 + f"{rang}.pdf",
                f"{'x' * 5_000}{rang}.pdf",
                f"é\u202e{rang}.pdf",
                f"{rang}/",
            )
        )

    def _contenu(self, alea: Random) -> bytes:
        genre = alea.choice((self.pdf, self.image))
        return alea.choice((alea.choice(genre.graines), genre.engendrer(alea), b"", b"\0" * 300_000))

    def eprouver(self, octets: bytes) -> int:
        attendues = [
            PieceAttendue(f"mdv-lgc-va1-bdc-{rang:05d}.pdf", "PDF", "BON_COMMANDE", rang - 1, f"{rang:05d}")
            for rang in range(1, 4)
        ]
        rapport = verifier_pieces(io.BytesIO(octets), attendues, couloir=None, consommer=lambda *_: None)
        return len(str(rapport.en_dict()))


def fichiers() -> list[Json | Pdf | Image | Zip]:
    """Every kind of file."""
    un_pdf, une_image = Pdf(), Image()
    return [Json(), un_pdf, une_image, Zip(un_pdf, une_image)]
