"""What would cost too much in a PDF is refused before it is done: work is counted here, not time."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from segurnum.controles import filtres, pdf_actions, pdf_pages, pdf_structure
from segurnum.controles.problemes import MO

from .fabrique_pdf import (
    PAGE,
    PAGES,
    TEXTE,
    avec_table_compressee,
    codes,
    deflate,
    ecrire,
    flux,
    lzw_qui_enfle,
    phrases,
    plusieurs_pages,
    une_page,
)
from .fabrique_pieces import pdf


def jointes(nombre: int, contenu: bytes) -> bytes:
    return ecrire(
        {2: PAGES, 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE), 6: contenu}
        | {10 + i: b"<</Type/Filespec/F(x.xml)/EF<</F 6 0 R>>>>" for i in range(nombre)}
    )


def test_une_piece_incorporee_citee_cent_fois_est_lue_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    lues: list[tuple[int, int]] = []

    def lire(jointe: Any, poids: filtres.Compteur) -> Iterator[bytes]:
        lues.append(jointe.objgen)
        return pdf_pages.blocs_de(jointe, poids)

    monkeypatch.setattr(pdf_actions, "blocs_de", lire)
    assert codes(jointes(pdf_actions.JOINTES_MAX, deflate(b"<x/>"))) == []
    assert lues == [(6, 0)]
    assert codes(jointes(pdf_actions.JOINTES_MAX + 1, deflate(b"<x/>"))) == ["4190"]


def lzw(taille: int) -> bytes:
    return flux(lzw_qui_enfle(taille), b"/Filter/LZWDecode")


def plusieurs_pages_d_un_formulaire(pages: int, dessins: int) -> bytes:
    """Each page has resources of its own, where one form shows many drawings."""
    objets = {
        2: b"<</Kids[" + b"".join(b"%d 0 R " % (10 + i) for i in range(pages)) + b"]/Count %d>>" % pages
    }
    objets[4] = flux(b"", b"/Subtype/Form")
    montres = b"".join(b"/D%d 4 0 R" % i for i in range(dessins))
    objets[5] = flux(b"", b"/Subtype/Form/Resources<</XObject<<" + montres + b">>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>>>"
    return ecrire(objets | {10 + i: page for i in range(pages)})


BOMBES = {
    "flate": une_page(deflate(b"q Q " * (18 * MO))),
    "flate deux fois": une_page(
        flux(zlib.compress(zlib.compress(b"q Q " * (40 * MO), 1), 9), b"/Filter[/FlateDecode/FlateDecode]")
    ),
    "lzw": une_page(lzw(80_000)),
    "longueurs": une_page(flux(b"\x81 " * 600_000, b"/Filter/RunLengthDecode")),
    "cinq filtres": une_page(flux(TEXTE, b"/Filter[" + b"/ASCIIHexDecode" * 5 + b"]")),
    "jointe flate": jointes(1, deflate(bytes(40 * MO))),
    "jointe lzw": jointes(1, lzw(50_000)),
    "objets": une_page(o7=b"[" + b"1 " * 900_000 + b"]"),
    "objets derrière un faux flux": une_page(o7=b"[(\\)<<>>stream\n)" + b"[]" * 900_000 + b"(endstream)]"),
    "objets comprimés": avec_table_compressee(zlib.compress(b"9 0 [" + b"1 " * 900_000 + b"]")),
    "filtre ailleurs": avec_table_compressee(b"", b" 9 0 R"),
    "pages": plusieurs_pages([flux(b"")] * 2_001),
    "dessins": plusieurs_pages_d_un_formulaire(300, 2_000),
}


@pytest.mark.parametrize("nom", sorted(BOMBES))
def test_ce_qui_demanderait_trop_de_travail_est_refuse_avant_d_etre_fait(
    nom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faits: list[int] = []
    compter = filtres.Compteur.compter

    def noter(self: filtres.Compteur, blocs: Iterator[bytes]) -> Iterator[bytes]:
        for bloc in compter(self, blocs):
            faits.append(len(bloc))
            yield bloc

    monkeypatch.setattr(filtres.Compteur, "compter", noter)
    assert codes(BOMBES[nom]) == ["4190"]
    assert "demande trop de travail" in phrases(BOMBES[nom])
    assert sum(faits) <= 2 * pdf_pages.CONTENUS_MAX


def test_une_longue_structure_de_balises_est_acceptee() -> None:
    """As a word processor writes the tags of hundreds of pages: a reference is no object of its own."""
    balise = b"<</Type/StructElem/S/P/P 1 0 R/Pg 3 0 R/K[7 8]>>"
    document = ecrire(
        {2: PAGES, 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE)} | {10 + i: balise for i in range(36_000)}
    )
    assert len(document) > 3 * MO
    assert codes(document) == []


def test_des_actions_qui_se_suivent_en_rond_sont_lues_une_fois() -> None:
    assert codes(une_page(racine=b"/OpenAction 7 0 R", o7=b"<</S/GoTo/D[3 0 R]/Next 7 0 R>>")) == []


@pytest.mark.parametrize("filtre", [b"/LZWDecode", b"/LZW", b"/#4cZWDecode"])
def test_qpdf_ne_decomprime_jamais_de_lzw(filtre: bytes) -> None:
    """Its LZW knows no limit: tables so packed make a document that does not open."""
    structure = avec_table_compressee(lzw_qui_enfle(9_000), filtre)
    with pikepdf.open(io.BytesIO(pdf_structure.neutraliser_lzw(structure))) as document:
        assert b"LZX" in document.get_object(5, 0).stream_dict.unparse()
    assert codes(structure) in (["4112"], ["4190"])


def test_trop_d_images_sont_prises_telles_quelles_plutot_que_refusees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_pages, "IMAGES_MAX", 10)
    grande = deflate(bytes(99)).replace(b"<<", b"<</Subtype/Image", 1)
    assert codes(une_page(dessin=grande)) == []


@pytest.mark.parametrize(
    ("limite", "valeur"), [("OBJETS_MAX", 3), ("STRUCTURE_MAX", 3), ("NOEUDS_MAX", 3), ("REPARES_MAX", 3)]
)
def test_la_structure_a_ses_limites(limite: str, valeur: int, monkeypatch: pytest.MonkeyPatch) -> None:
    document = pdf(2, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    decale = une_page().replace(b"startxref\n", b"startxref\n9")
    assert codes(document) == codes(decale) == []
    monkeypatch.setattr(pdf_structure, limite, valeur)
    attendu = (["4112"], decale) if limite == "REPARES_MAX" else (["4190"], document)
    assert codes(attendu[1]) == attendu[0]


def test_un_document_repare_est_lu_en_entier_dans_une_limite(monkeypatch: pytest.MonkeyPatch) -> None:
    decale = une_page(o7=deflate(bytes(9_999))).replace(b"startxref\n", b"startxref\n9")
    monkeypatch.setattr(pdf_structure, "REPARE_MAX", 5_000)
    assert codes(decale) == ["4190"]


def test_les_limites_de_qpdf_sont_posees() -> None:
    limites = pikepdf.settings.get_qpdf_limits()
    for nom in ("flate_max_memory", "run_length_max_memory", "png_max_memory", "tiff_max_memory"):
        assert limites[nom] == pdf_structure.STRUCTURE_MAX
    assert limites["parser_max_nesting"] == 100
