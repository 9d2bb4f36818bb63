"""A PDF is judged by its pages: what honest tools make is accepted, what nobody can read is refused by its page."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pikepdf
import pytest

from .fabrique_pdf import (
    PAGE,
    PAGES,
    TEXTE,
    avec_table_compressee,
    codes,
    deflate,
    ecrire,
    flux,
    phrases,
    plusieurs_pages,
    une_page,
)
from .fabrique_pieces import image, pdf

ABIME = b"x\xda" + b"\x07" * 60


# What honest tools make


@pytest.mark.parametrize("apres", [b"\x00" * 3_000, b"\r\n" * 900, b"<!-- sent by a gateway -->" * 90])
def test_des_octets_apres_la_fin_n_empechent_pas_de_lire(apres: bytes) -> None:
    assert codes(une_page() + apres) == []


@pytest.mark.parametrize("ecart", [-40, -1, 1, 2, 9_000])
def test_une_table_des_objets_mal_placee_n_empeche_pas_de_lire(ecart: int) -> None:
    def decaler(fin: bytes) -> bytes:
        tete, _, reste = fin.partition(b"startxref\n")
        place = int(reste.split()[0]) + ecart
        return tete + b"startxref\n%d\n%%%%EOF\n" % place

    assert codes(ecrire({2: PAGES, 3: PAGE, 4: deflate(TEXTE), 5: flux(TEXTE)}, table=decaler)) == []


def test_des_places_fausses_dans_la_table_n_empechent_pas_de_lire() -> None:
    juste = une_page(deflate(TEXTE))
    assert codes(juste.replace(b"obj\n<</Type/Catalog", b"obj\n\n\n\n<</Type/Catalog")) == []


def test_une_longueur_de_flux_fausse_n_empeche_pas_de_lire() -> None:
    assert codes(une_page(flux(TEXTE).replace(b"/Length 28", b"/Length 31"))) == []


def test_une_facture_signee_puis_completee_est_acceptee() -> None:
    signe = une_page(o7=b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 10 20 30]/Contents<00>>>")
    place, ancienne = len(signe), signe.rindex(b"xref\n0")
    ajout = b"3 0 obj\n" + PAGE + b"\nendobj\n"
    suite = b"xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 8/Root 1 0 R/Prev %d>>\n" % (place, ancienne)
    fin = b"startxref\n%d\n%%%%EOF\n" % (place + len(ajout))
    assert codes(signe + ajout + suite + fin) == []


@pytest.mark.parametrize("niveau", [3, 4, 6])
def test_un_pdf_protege_contre_la_seule_modification_est_accepte(niveau: Any) -> None:
    protection = pikepdf.Encryption(
        owner="proprietaire", user="", R=niveau, aes=niveau > 3, metadata=niveau > 3
    )
    assert codes(pdf(2, encryption=protection)) == []


def test_un_pdf_qui_demande_un_mot_de_passe_est_refuse() -> None:
    ferme = pdf(encryption=pikepdf.Encryption(owner="proprietaire", user="secret"))
    assert codes(ferme) == ["4113"]
    assert "mot de passe à l'ouverture" in phrases(ferme)


def test_un_pdf_chiffre_pour_certains_est_dit_protege_et_non_abime() -> None:
    def chiffrer(fin: bytes) -> bytes:
        return fin.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Adobe.PubSec/V 4>>")

    assert codes(ecrire({2: PAGES, 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE)}, table=chiffrer)) == ["4113"]


def test_un_nom_en_latin_1_dans_un_formulaire_est_accepte() -> None:
    case = b"<</Subtype/Widget/FT/Btn/AP<</N<</Pay#E9 4 0 R>>>>/AS/Pay#E9/A<</S/GoTo/D/#E9>>>>"
    assert codes(une_page(o7=case)) == []


@pytest.mark.parametrize(
    "contenu",
    [
        deflate(TEXTE),
        deflate(b""),
        flux(b"", b"/Filter/FlateDecode"),
        flux(zlib.compress(TEXTE)[:-4], b"/Filter/FlateDecode"),
        flux(zlib.compress(TEXTE)[:-4] + b"\x00" * 4, b"/Filter[/FlateDecode]"),
        flux(base64.a85encode(zlib.compress(TEXTE)) + b"~>", b"/Filter[/ASCII85Decode/FlateDecode]"),
        flux(TEXTE.hex().encode() + b">", b"/Filter/ASCIIHexDecode"),
        flux(b"\x1b" + TEXTE + b"\x80", b"/Filter/RunLengthDecode"),
        flux(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/Filter/LZWDecode"),
        flux(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/Filter/L#5AWDecode"),
    ],
)
def test_tous_les_filtres_ordinaires_sont_lus(contenu: bytes) -> None:
    assert codes(une_page(contenu)) == []


# What nobody can read


@pytest.mark.parametrize(
    "contenu",
    [
        flux(ABIME, b"/Filter/FlateDecode"),
        flux(zlib.compress(TEXTE * 90)[:-20], b"/Filter/FlateDecode"),
        flux(b"pas du zlib", b"/Filter/FlateDecode"),
        flux(b"zz>", b"/Filter/ASCIIHexDecode"),
        flux(b"\xff\xff\xff\xff", b"/Filter/LZWDecode"),
        flux(TEXTE, b"/Filter/Inconnu"),
        b"<</Pas/UnFlux>>",
    ],
)
def test_une_page_illisible_est_refusee_par_son_numero(contenu: bytes) -> None:
    refusee = plusieurs_pages([flux(TEXTE), deflate(TEXTE), contenu])
    assert codes(refusee) == ["4119"]
    assert "La page 3 du PDF « a.pdf » est illisible : aucun lecteur ne peut l'afficher" in phrases(refusee)


def test_plusieurs_pages_illisibles_sont_citees_ensemble() -> None:
    mauvais = flux(ABIME, b"/Filter/FlateDecode")
    assert "Les pages 1 et 3 du PDF" in phrases(plusieurs_pages([mauvais, flux(TEXTE), mauvais]))
    assert "Les pages 1, 2, 3, 4, 5 et 2 autres du PDF" in phrases(plusieurs_pages([mauvais] * 7))


JPEG = image("JPEG", (64, 64))


@pytest.mark.parametrize(
    ("dessin", "attendu"),
    [
        (flux(JPEG, b"/Subtype/Image/Width 64/Height 64/Filter/DCTDecode"), []),
        (flux(zlib.compress(JPEG), b"/Subtype/Image/Filter[/FlateDecode/DCTDecode]"), []),
        (flux(JPEG[:-40], b"/Subtype/Image/Filter/DCTDecode"), ["4119"]),
        (flux(b"\x00" * 99, b"/Subtype/Image/Filter/DCTDecode"), ["4119"]),
        (flux(b"\x00" * 99, b"/Subtype/Image/Filter/JPXDecode"), ["4119"]),
        (flux(b"\x00" * 99, b"/Subtype/Image/Filter/CCITTFaxDecode"), []),
        (flux(ABIME, b"/Subtype/Image/Filter/FlateDecode"), ["4119"]),
        (flux(ABIME, b"/Subtype/Form/Filter/FlateDecode"), ["4119"]),
        (flux(TEXTE, b"/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 8"), ["4116"]),
        (flux(TEXTE, b"/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 1"), []),
    ],
)
def test_l_image_ou_le_formulaire_d_une_page_est_lu_aussi(dessin: bytes, attendu: list[str]) -> None:
    assert codes(une_page(dessin=dessin)) == attendu


def test_une_image_abimee_rend_illisible_chaque_page_qui_la_montre_meme_au_fond_d_un_formulaire() -> None:
    pages = {2: b"<</Type/Pages/Kids[3 0 R 6 0 R 7 0 R]/Count 3/Resources<</XObject<</X 5 0 R>>>>>>"}
    for numero in (3, 6):
        pages[numero] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages[7] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>"
    pages[5] = flux(ABIME, b"/Subtype/Image/Filter/FlateDecode")
    assert "Les pages 1 et 2 du PDF" in phrases(ecrire(pages))
    forme = flux(b"/X Do", b"/Subtype/Form/Resources<</XObject<</X 8 0 R/Y 5 0 R>>>>")
    assert codes(une_page(dessin=forme, o8=pages[5])) == ["4119"]


def test_une_page_annoncee_qui_manque_est_dite() -> None:
    seule = {2: b"<</Type/Pages/Kids[3 0 R 8 0 R]/Count 2>>", 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE)}
    assert codes(ecrire(seule)) == ["4112"]
    assert "annonce 2 pages, 1 seulement s'y trouve" in phrases(ecrire(seule))
    for compte, attendu in ((1, []), (2, ["4112"])):
        arbre = zlib.compress(b"9 0 <</Type/Pages/Kids[3 0 R 8 0 R]/Count %d>>" % compte)
        assert codes(avec_table_compressee(arbre, pages=b"9 0 R")) == attendu


@pytest.mark.parametrize(
    "perdre",
    [
        lambda octets: octets.replace(b"5 0 obj", b"5 0 xxx"),  # an object that the page speaks of
        lambda octets: octets.replace(b"%%EOF", b""),
        lambda octets: octets[: octets.index(b"xref")],
        lambda octets: octets + b"9 0 obj\n<</Type/",  # a later version, cut
    ],
)
def test_un_pdf_repare_n_est_accepte_que_si_rien_n_est_perdu(perdre: Any) -> None:
    decale = une_page(deflate(TEXTE)).replace(b"startxref\n", b"startxref\n9")
    assert codes(decale) == []
    assert codes(perdre(decale)) == ["4112"]
