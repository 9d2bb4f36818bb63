"""Each published code on files and archives is met by at least one file, through a public face."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import replace

import pikepdf
import pytest

from segurnum import couloirs
from segurnum.controles import catalogue, verifier_fichier, verifier_pieces
from segurnum.controles.archive import TAILLE_MAX, problemes_de_structure
from segurnum.controles.fichiers import CONTACT, MODELE, PIECE_FORMULAIRE, PIECE_ZIP
from segurnum.controles.problemes import MO

from .fabrique_pdf import flux, une_page
from .fabrique_pieces import archive, image, pdf, piece

GEANTE = bytearray(image("PNG"))
GEANTE[16:24] = (9_000).to_bytes(4, "big") * 2
GEANTE[29:33] = zlib.crc32(GEANTE[12:29]).to_bytes(4, "big")

FICHIERS = {
    "4101": ("a/b.pdf", pdf(), PIECE_ZIP),
    "4102": ("a" * 100 + ".pdf", pdf(), PIECE_ZIP),
    "4103": ("modèle.pdf", pdf(), MODELE),
    "4104": ("a.docx", pdf(), PIECE_ZIP),
    "4105": ("a.pdf", pdf(), replace(PIECE_ZIP, taille_max=9)),
    "4106": ("a.pdf", b"", PIECE_ZIP),
    "4111": ("a.pdf", image("PNG"), PIECE_ZIP),
    "4112": ("a.pdf", pdf()[:-60], PIECE_ZIP),
    "4113": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="secret")), PIECE_ZIP),
    "4114": ("a.pdf", une_page(o7=b"<</S/Launch>>"), PIECE_ZIP),
    "4115": ("a.png", image("PNG")[:-90], PIECE_ZIP),
    "4116": ("a.png", bytes(GEANTE), PIECE_ZIP),
    "4117": ("a.txt", b"\x00", CONTACT),
    "4118": ("a.json", b"{", CONTACT),
    "4119": ("a.pdf", une_page(flux(b"\x00", b"/Filter/FlateDecode")), PIECE_ZIP),
    "4190": ("a.pdf", une_page(flux(b"\x00", b"/Filter[" + b"/Fl" * 5 + b"]")), PIECE_FORMULAIRE),
}


def _modifie(place: int, format_: str, valeur: int, contenu: bytes = b"x" * 99) -> bytes:
    """An archive of one file, one number of its central directory changed."""
    octets = bytearray(archive({"a.pdf": contenu}))
    struct.pack_into(format_, octets, octets.index(b"PK\x01\x02") + place, valeur)
    return bytes(octets)


def _chiffree() -> bytes:
    octets = bytearray(_modifie(8, "<H", 1))
    octets[6] |= 1
    return bytes(octets)


def _autre_methode() -> bytes:
    octets = bytearray(_modifie(10, "<H", 9))
    octets[8] = 9
    return bytes(octets)


def _lien() -> bytes:
    info = zipfile.ZipInfo("a.pdf")
    info.external_attr = stat.S_IFLNK << 16
    return archive([(info, b"/etc/passwd")])


ARCHIVES = {
    "4121": b"bonjour",
    "4122": archive({".DS_Store": b""}),
    "4124": archive({f"{i}": b"" for i in range(5_001)}),
    "4125": archive({"a.pdf": bytes(20 * MO + 1)}),
    "4126": _modifie(20, "<L", 5_000),
    "4127": _chiffree(),
    "4128": archive({"../a.pdf": b"x"}),
    "4129": _lien(),
    "4130": archive({"a.pdf": b"x", "A.pdf": b"x"}),
    "4131": _modifie(16, "<L", 0x12345678, pdf()),
    "4132": _autre_methode(),
    "4141": archive({"intrus.pdf": pdf()}),
    "4142": archive({"intrus.pdf": pdf()}),
    "4143": archive({"a.pdf": pdf()}),
}


@pytest.mark.parametrize("code", sorted(FICHIERS))
def test_chaque_code_des_fichiers_est_montre(code: str) -> None:
    nom, octets, regle = FICHIERS[code]
    assert code in {c for c, _ in verifier_fichier(io.BytesIO(octets), nom, len(octets), regle)}


@pytest.mark.parametrize("code", sorted(ARCHIVES))
def test_chaque_code_des_archives_est_montre(code: str) -> None:
    rapport = verifier_pieces(
        io.BytesIO(ARCHIVES[code]), [piece("a.pdf")], couloir=couloirs.par_code("MS1-DUI")
    )
    assert code in {a.code for a in rapport.anomalies}


def test_aucun_code_publie_n_est_sans_fichier_qui_le_montre() -> None:
    assert [c for c, _ in problemes_de_structure(io.BytesIO(b"x"), TAILLE_MAX + 1)] == ["4123"]
    # Those above 4190 say that a reading was stopped, and 4144 that a report is cut: they are shown where it is.
    publies = {code for code in catalogue() if code.startswith("41") and code <= "4190"}
    assert publies == {*FICHIERS, *ARCHIVES, "4123", "4144"}
