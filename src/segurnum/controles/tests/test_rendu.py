"""A page of a stranger's document as a picture: what is drawn, what is left behind, what is refused."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from segurnum.controles import fichiers
from segurnum.controles.rendu import LARGEUR_MAX, PIXELS_MAX, Page, rendre
from segurnum.controles.tests import fabrique_pieces

ROUGE, BLANC = (255, 0, 0), (255, 255, 255)


def _vue(octets: bytes, suffixe: str = "pdf", numero: int = 1, largeur: int = 200) -> Page:
    return rendre(io.BytesIO(octets), suffixe, numero, largeur)


def _image(page: Page) -> Image.Image:
    assert not page.echec
    return Image.open(io.BytesIO(page.octets)).convert("RGB")


def _pdf(cotes: tuple[int, int] = (100, 100), contenu: bytes = b"", **page: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=cotes)
    feuille = document.pages[0]
    feuille.Contents = document.make_stream(contenu)
    for cle, valeur in page.items():
        feuille.obj[f"/{cle}"] = valeur
    return fabrique_pieces.enregistrer(document)


def test_chaque_page_se_dessine_et_la_derniere_au_dela():
    octets = fabrique_pieces.pdf(3)
    lues = [_vue(octets, numero=numero) for numero in (0, 1, 3, 99)]
    assert [(page.numero, page.pages) for page in lues] == [(1, 3), (1, 3), (3, 3), (3, 3)]
    assert {_image(page).width for page in lues} == {200}


def test_ce_qui_est_ecrit_se_voit_et_les_annotations_aussi():
    fond = _pdf(contenu=b"1 0 0 rg 0 0 50 100 re f")
    dessinee = _image(_vue(fond))
    assert (dessinee.getpixel((50, 100)), dessinee.getpixel((150, 100))) == (ROUGE, BLANC)
    document = pikepdf.open(io.BytesIO(fond))
    tampon = document.make_stream(b"1 0 0 rg 0 0 40 40 re f")
    tampon.Type, tampon.Subtype, tampon.BBox = Name.XObject, Name.Form, Array([0, 0, 40, 40])
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([55, 30, 95, 70]), AP=Dictionary(N=tampon), F=4
    )
    document.pages[0].Annots = Array([document.make_indirect(note)])
    tamponnee = _image(_vue(fabrique_pieces.enregistrer(document)))
    assert tamponnee.getpixel((150, 100)) == ROUGE


def test_une_page_demesuree_reste_bornee():
    for cotes in ((14_400, 14_400), (10, 14_400), (14_400, 10)):
        image = _image(_vue(_pdf(cotes), largeur=50_000))
        assert image.width <= LARGEUR_MAX
        assert image.width * image.height <= PIXELS_MAX * 1.01


def test_une_image_est_encodee_a_nouveau_sans_ce_qu_elle_portait():
    exif = Image.Exif()
    exif[0x010E] = "prise chez Anne Lormelin"
    exif[0x0112] = 6  # on its side
    sortie = io.BytesIO()
    Image.effect_noise((400, 300), 90).save(sortie, "JPEG", exif=exif, comment=b"charge")
    page = _vue(sortie.getvalue(), "jpg")
    assert page.type_mime == "image/jpeg"
    assert b"Lormelin" not in page.octets
    assert b"charge" not in page.octets
    image = _image(page)
    assert image.width == 200
    assert image.height > image.width, "l'image est redressée"


def _avec_un_morceau(png: bytes, nom: bytes, corps: bytes) -> bytes:
    """A PNG with one more chunk behind its head."""
    tete = 8 + 25
    somme = zlib.crc32(nom + corps).to_bytes(4, "big")
    return png[:tete] + len(corps).to_bytes(4, "big") + nom + corps + somme + png[tete:]


def test_ce_qui_entoure_une_image_n_empeche_pas_de_la_voir():
    """Acceptance does not judge it: an officer then sees the picture."""
    sortie = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(sortie, "PNG")
    rouge = sortie.getvalue()
    texte = zlib.compress(b"x" * (3 << 20))
    for nom, corps in ((b"zTXt", b"Comment\x00\x00" + texte), (b"iTXt", b"a\x00\x01\x00\x00\x00" + texte)):
        octets = _avec_un_morceau(rouge, nom, corps)
        assert fichiers.verifier_fichier(io.BytesIO(octets), "a.png", len(octets), fichiers.PIECE_ZIP) == []
        assert _image(_vue(octets, "png")).getpixel((20, 20)) == ROUGE


def test_le_transparent_se_lit_sur_du_blanc():
    sortie = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(sortie, "PNG")
    assert _image(_vue(sortie.getvalue(), "png")).getpixel((20, 20)) == BLANC


@pytest.mark.parametrize(
    ("octets", "suffixe", "phrase"),
    [
        (b"%PDF-1.7 rien", "pdf", "abîmé"),
        (b"\x89PNG rien", "png", "ne peut pas être lue"),
        (fabrique_pieces.pdf(encryption=pikepdf.Encryption(user="secret", owner="s")), "pdf", "mot de passe"),
        (fabrique_pieces.image("PNG")[:300], "png", "ne peut pas être lue"),
        # What says to be a picture is read as a picture, and as nothing else.
        (fabrique_pieces.pdf(), "png", "ne peut pas être lue"),
    ],
)
def test_ce_qui_ne_se_dessine_pas_dit_pourquoi(octets: bytes, suffixe: str, phrase: str):
    page = _vue(octets, suffixe)
    assert page.octets == b""
    assert phrase in page.echec


def test_un_pdf_protege_contre_l_ecriture_se_lit():
    octets = fabrique_pieces.pdf(encryption=pikepdf.Encryption(user="", owner="secret"))
    assert _image(_vue(octets)).width == 200


def test_un_texte_garde_ses_aretes_et_une_photo_pese_peu():
    assert _vue(_pdf(contenu=b"0 0 50 100 re f")).type_mime == "image/png"
    bruit = _vue(fabrique_pieces.image("PNG", (200, 200)), "png")
    assert bruit.type_mime == "image/jpeg"
