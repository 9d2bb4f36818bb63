"""Whatever octets a stranger sends, the checks answer by problems: they never raise, and say each in a sentence."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segurnum.controles import RegleFichier, verifier_fichier, verifier_pieces
from segurnum.controles.problemes import MO, Probleme

from .fabrique_pdf import TEXTE, avec_table_compressee, deflate, flux, lzw_qui_enfle, une_page
from .fabrique_pieces import archive, image, pdf, piece

TOUT = RegleFichier(frozenset({"pdf", "png", "jpg", "jpeg", "txt", "json", "zip"}), 4 * MO)
NOM = "MS1-DUI-va1-bdc-00001"
GRAINES = {
    "pdf": [
        pdf(2),
        pdf(2, linearize=True),
        une_page(deflate(TEXTE), flux(image("JPEG"), b"/Subtype/Image/Filter/DCTDecode")),
        une_page(flux(lzw_qui_enfle(300), b"/Filter/LZWDecode"), o7=b"<</AA<</F<</S/JavaScript/JS(1)>>>>>>"),
        avec_table_compressee(zlib.compress(b"9 0 <</S/URI/URI(http://a.example)>>")),
    ],
    "png": [image("PNG")],
    "jpg": [image("JPEG"), image("JPEG", (9, 9))],
    "zip": [
        archive({"a/b.pdf": pdf(), "c.png": b"x" * 90}),
        archive([("d\\", b""), ("d\\e.pdf", b"\x00" * 999)]),
    ],
}
TAILLES = st.binary(min_size=1, max_size=12) | st.sampled_from(
    [
        b"\xff" * 4,
        b"\x00" * 8,
        b"9" * 30,
        b"endobj",
        b"stream\n",
        b"PK\x01\x02",
        b"\xff\xda",
        b"IDAT",
        b"0 R",
        b"<<",
        b"(",
    ]
)


@st.composite
def alteres(dessiner: st.DrawFn, extension: str) -> bytes:
    """A sound file where octets were overwritten, lost, added or moved."""
    octets = bytearray(dessiner(st.sampled_from(GRAINES[extension])))
    for _ in range(dessiner(st.integers(1, 6))):
        place = dessiner(st.integers(0, len(octets)))
        geste = dessiner(st.sampled_from(["ecraser", "perdre", "ajouter", "couper", "repeter"]))
        if geste == "ecraser":
            nouveau = dessiner(TAILLES)
            octets[place : place + len(nouveau)] = nouveau
        elif geste == "perdre":
            del octets[place : place + dessiner(st.integers(1, 40))]
        elif geste == "ajouter":
            octets[place:place] = dessiner(TAILLES)
        elif geste == "couper":
            del octets[place:]
        else:
            octets[place:place] = octets[dessiner(st.integers(0, place)) : place] * dessiner(
                st.integers(1, 3)
            )
    return bytes(octets)


def verifier_phrases(problemes: list[Probleme]) -> None:
    for code, phrase in problemes:
        assert len(code) == 4
        assert phrase[0].isupper() or phrase[0] == "«"
        assert phrase[-1] in ".?"
        assert phrase.isprintable() or "\u202f" in phrase or "\u00a0" in phrase


@pytest.mark.parametrize("extension", sorted(GRAINES))
@given(donnees=st.data())
@settings(max_examples=150)
def test_un_fichier_altere_ne_leve_jamais_rien(extension: str, donnees: st.DataObject) -> None:
    octets = donnees.draw(alteres(extension))
    verifier_phrases(verifier_fichier(io.BytesIO(octets), f"a.{extension}", len(octets), TOUT))


@given(octets=st.binary(max_size=400), extension=st.sampled_from(sorted(TOUT.types)), vrai=st.booleans())
@settings(max_examples=200)
def test_n_importe_quels_octets_ne_levent_jamais_rien(octets: bytes, extension: str, vrai: bool) -> None:
    debut = {"pdf": b"%PDF-1.7\n", "png": b"\x89PNG\r\n\x1a\n", "zip": b"PK\x03\x04"}.get(
        extension, b"\xff\xd8\xff"
    )
    octets = debut + octets if vrai else octets
    verifier_phrases(verifier_fichier(io.BytesIO(octets), f"a.{extension}", len(octets), TOUT))


@given(octets=alteres("zip"))
@settings(max_examples=150)
def test_une_archive_alteree_ne_leve_jamais_rien(octets: bytes) -> None:
    rapport = verifier_pieces(io.BytesIO(octets), [piece("b.pdf"), piece("e.pdf", 1)], couloir=None)
    verifier_phrases([(a.code, a.message) for a in rapport.anomalies])


@pytest.mark.parametrize("extension", ["pdf", "png", "jpg"])
@given(donnees=st.data())
@settings(max_examples=60)
def test_une_piece_alteree_dans_une_archive_ne_leve_jamais_rien(
    extension: str, donnees: st.DataObject
) -> None:
    nom = f"{NOM}.{extension}"
    octets = archive({nom: donnees.draw(alteres(extension))})
    rapport = verifier_pieces(io.BytesIO(octets), [piece(nom)], couloir=None)
    assert [ligne.nom for ligne in rapport.lignes] == [nom]
    verifier_phrases([(a.code, a.message) for a in rapport.anomalies])
