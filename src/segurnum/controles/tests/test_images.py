"""Pictures: the picture itself is judged, at a bounded cost; what surrounds it is not."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from segurnum.controles import filtres, verifier_fichier
from segurnum.controles import images as module_images
from segurnum.controles import png as module_png
from segurnum.controles.fichiers import PIECE_FORMULAIRE

from .fabrique_pieces import image

EXTENSIONS = {"PNG": "png", "JPEG": "jpg"}


def codes(contenu: bytes, nom: str) -> list[str]:
    return [code for code, _ in verifier_fichier(io.BytesIO(contenu), nom, len(contenu), PIECE_FORMULAIRE)]


def encoder(
    format_pillow: str, mode: str = "RGB", cotes: tuple[int, int] = (60, 50), **options: Any
) -> bytes:
    sortie = io.BytesIO()
    Image.linear_gradient("L").resize(cotes).convert("I" if "I" in mode else mode).convert(mode).save(
        sortie, format_pillow, **options
    )
    return sortie.getvalue()


def morceau(nom: bytes, corps: bytes) -> bytes:
    return struct.pack(">L", len(corps)) + nom + corps + struct.pack(">L", zlib.crc32(nom + corps))


def inserer(png: bytes, nom: bytes, corps: bytes) -> bytes:
    """A chunk just after the head."""
    return png[:33] + morceau(nom, corps) + png[33:]


def segment(code: int, corps: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(corps) + 2) + corps


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("cotes", [(1, 1), (7, 3), (300, 200)])
def test_tous_les_png_sont_acceptes(mode: str, cotes: tuple[int, int]) -> None:
    assert codes(encoder("PNG", mode, cotes, **({"bits": 4} if mode == "P" else {})), "a.png") == []


@pytest.mark.parametrize("cotes", [(1, 1), (2, 2), (5, 4), (33, 17)])
def test_un_png_entrelace_est_accepte(cotes: tuple[int, int]) -> None:
    largeur, hauteur = cotes
    octets = 0
    for x, y, pas_x, pas_y in module_png._ADAM7:
        colonnes, lignes = len(range(x, largeur, pas_x)), len(range(y, hauteur, pas_y))
        octets += lignes * (1 + 3 * colonnes) if colonnes else 0
    tete = morceau(b"IHDR", struct.pack(">2L5B", largeur, hauteur, 8, 2, 0, 0, 1))
    fin = morceau(b"IEND", b"")
    for manque, attendu in ((0, []), (1, ["4115"])):
        points = morceau(b"IDAT", zlib.compress(bytes(octets - manque)))
        assert codes(module_png.SIGNATURE + tete + points + fin, "a.png") == attendu


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}, {"comment": b"c" * 60_000}],
)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_tous_les_jpeg_sont_acceptes(mode: str, options: dict[str, Any]) -> None:
    assert codes(encoder("JPEG", mode, **options), "a.jpg") == []


def test_un_png_porte_autant_de_texte_qu_il_veut() -> None:
    """A drawing tool keeps the drawing itself in a text of the picture, packed a thousand times."""
    texte = PngImagePlugin.PngInfo()
    texte.add_text("dessin", "x" * 3_000_000, zip=True)
    sortie = io.BytesIO()
    Image.new("RGB", (30, 20)).save(sortie, "PNG", pnginfo=texte)
    assert codes(sortie.getvalue(), "a.png") == []


@pytest.mark.parametrize(
    ("nom", "corps"),
    [
        (b"zTXt", b"a\x00\x00abime"),
        (b"iCCP", b"p\x00\x00abime"),
        (b"eXIf", b"abime"),
        (b"tRNS", b""),
        (b"pHYs", b""),
    ],
)
def test_ce_qui_entoure_un_png_n_empeche_pas_de_le_lire(nom: bytes, corps: bytes) -> None:
    assert codes(inserer(image("PNG"), nom, corps), "a.png") == []
    assert codes(image("PNG") + b"\x00" * 99, "a.png") == []


@pytest.mark.parametrize("code", [0xE0, 0xE1, 0xE2, 0xED, 0xFE])
def test_ce_qui_entoure_un_jpeg_n_empeche_pas_de_le_lire(code: int) -> None:
    entier = image("JPEG")
    for corps in (b"", b"Exif\x00\x00MM\x00*\xff\xff", b"MPF\x00abime", b"ICC_PROFILE\x00\x01"):
        assert codes(entier[:2] + segment(code, corps) + entier[2:], "a.jpg") == []
    assert codes(entier + image("JPEG"), "a.jpg") == []


@pytest.mark.parametrize("format_pillow", ["PNG", "JPEG"])
@pytest.mark.parametrize("part", [0.1, 0.6, 0.95])
def test_une_image_tronquee_est_refusee(format_pillow: str, part: float) -> None:
    entiere = image(format_pillow, (200, 200))
    assert codes(entiere[: int(len(entiere) * part)], f"a.{EXTENSIONS[format_pillow]}") == ["4115"]


@pytest.mark.parametrize(
    "abimer",
    [
        lambda png: png.replace(b"IDAT", b"IDAX"),
        lambda png: png.replace(b"IHDR", b"IHDX"),
        lambda png: png[:50] + bytes([png[50] ^ 1]) + png[51:],
        lambda png: png[:33] + png[33:].replace(b"IDAT", b"IDBT", 1),
        lambda png: png[:8] + morceau(b"IHDR", struct.pack(">2L5B", 40, 30, 8, 3, 0, 0, 0)) + png[33:],
        lambda png: png[:8] + morceau(b"IHDR", struct.pack(">2L5B", 40, 30, 7, 2, 0, 0, 0)) + png[33:],
        lambda png: png[:8] + morceau(b"IHDR", struct.pack(">2L5B", 0, 30, 8, 2, 0, 0, 0)) + png[33:],
        lambda png: png[:8] + morceau(b"IHDR", struct.pack(">2L5B", 40, 31, 8, 2, 0, 0, 0)) + png[33:],
        lambda png: png[:33] + morceau(b"IDAT", zlib.compress(b"\x05" * 40 * 91)) + png[-12:],
    ],
)
def test_un_png_abime_est_refuse(abimer: Any) -> None:
    assert codes(image("PNG"), "a.png") == []
    assert codes(abimer(image("PNG")), "a.png") == ["4115"]


@pytest.mark.parametrize("cote", [7_100, 10_000, 30_000])
def test_une_image_geante_est_refusee_sans_etre_decodee(cote: int) -> None:
    petite = bytearray(image("PNG"))
    petite[16:24] = cote.to_bytes(4, "big") * 2
    petite[29:33] = zlib.crc32(petite[12:29]).to_bytes(4, "big")
    assert codes(bytes(petite), "a.png") == ["4116"]


@pytest.fixture
def sans_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(*_: object, **__: object) -> None:
        raise AssertionError("l'image a été décodée")

    monkeypatch.setattr(Image, "open", refuser)


def jpeg_en_passes(passes: int, cotes: tuple[int, int] = (64, 64)) -> bytes:
    """A progressive picture whose last pass is said again and again."""
    entier = encoder("JPEG", "L", cotes, progressive=True)
    derniere = entier.rindex(b"\xff\xda")
    return entier[:derniere] + entier[derniere:-2] * (passes - entier.count(b"\xff\xda") + 1) + b"\xff\xd9"


@pytest.mark.parametrize("cotes", [(64, 64), (7_000, 7_000)])
@pytest.mark.usefixtures("sans_decoder")
def test_un_jpeg_en_mille_passes_est_refuse_sans_etre_decode(cotes: tuple[int, int]) -> None:
    petit = jpeg_en_passes(1_000)
    trame = petit.index(b"\xff\xc2")
    hostile = petit[: trame + 5] + struct.pack(">2H", *cotes) + petit[trame + 9 :]
    assert codes(hostile, "a.jpg") == ["4190"]


@pytest.mark.parametrize(("passes", "attendu"), [(100, []), (101, ["4190"])])
def test_cent_passes_sont_acceptees_une_de_plus_non(passes: int, attendu: list[str]) -> None:
    assert codes(jpeg_en_passes(passes), "a.jpg") == attendu


@pytest.mark.parametrize("limite", ["POINTS_RELUS_MAX", "COEFFICIENTS_MAX", "POINTS_MAX"])
def test_les_limites_d_un_jpeg_se_calculent_sur_son_en_tete(
    limite: str, monkeypatch: pytest.MonkeyPatch, sans_decoder: None
) -> None:
    monkeypatch.setattr(module_images, limite, 100)
    attendu = "4116" if limite == "POINTS_MAX" else "4190"
    assert codes(encoder("JPEG", progressive=True), "a.jpg") == [attendu]


@pytest.mark.usefixtures("sans_decoder")
def test_un_jpeg_geant_est_refuse_sans_etre_decode() -> None:
    petit = image("JPEG")
    trame = petit.index(b"\xff\xc0")
    assert codes(petit[: trame + 5] + b"\x80\x00\x80\x00" + petit[trame + 9 :], "a.jpg") == ["4116"]


@pytest.mark.usefixtures("sans_decoder")
@pytest.mark.parametrize("code", [0xC3, 0xC9])
def test_un_codage_jpeg_que_peu_de_logiciels_lisent_est_nomme(code: int) -> None:
    rare = image("JPEG").replace(b"\xff\xc0", bytes([0xFF, code]))
    phrase = verifier_fichier(io.BytesIO(rare), "a.jpg", len(rare), PIECE_FORMULAIRE)[0][1]
    assert "codage JPEG que peu de logiciels affichent" in phrase


@pytest.mark.usefixtures("sans_decoder")
@pytest.mark.parametrize(
    "hostile",
    [
        b"\xff\xd8" + segment(0xFE, b"") * 200_000,
        b"\xff\xd8" + b"\xff" * 400_000,
        b"\xff\xd8\xff\xd8" * 1_000,
        b"\xff\xd8" + segment(0xC0, b"\x08\x00\x10\x00\x10\x01\x01\x00\x00") + segment(0xDA, b"\x01"),
        b"\xff\xd8" + segment(0xC0, b"\x08") + segment(0xDA, b""),
    ],
)
def test_un_jpeg_qui_n_est_fait_que_de_marques_est_refuse(hostile: bytes) -> None:
    assert codes(hostile, "a.jpg") == ["4115"]


def test_les_points_d_un_png_ne_sont_jamais_tous_en_memoire(monkeypatch: pytest.MonkeyPatch) -> None:
    gonfles: list[int] = []

    def noter(donnees: bytes, lecteur: Any) -> Iterator[bytes]:
        for bloc in filtres.gonfler(donnees, lecteur):
            gonfles.append(len(bloc))
            yield bloc

    monkeypatch.setattr(module_png, "gonfler", noter)
    tete = morceau(b"IHDR", struct.pack(">2L5B", 1_000, 1_000, 8, 2, 0, 0, 0))
    bombe = morceau(b"IDAT", zlib.compress(bytes(30_000_000), 9))
    assert codes(module_png.SIGNATURE + tete + bombe, "a.png") == []
    assert max(gonfles) <= 65_536
    assert sum(gonfles) <= 3_001_000 + 65_536  # what comes after the last row is not made
