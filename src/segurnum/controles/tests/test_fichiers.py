"""One uploaded file: name, size, extension, and content that is what the extension says."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import pikepdf
import pytest

from segurnum.controles import fichiers
from segurnum.controles.fichiers import RegleFichier, verifier_fichier
from segurnum.controles.formulaire import regle_de_zone
from segurnum.controles.problemes import MO
from segurnum.couloirs import mss

from .fabrique_pdf import avec_table_compressee
from .fabrique_pieces import archive, enregistrer, image, pdf

EXE = b"MZ\x90\x00" + b"\x00" * 200
PREUVE_MSS = regle_de_zone(mss.SOLDE.zones[0])
TOUT = RegleFichier(frozenset({"pdf", "png", "jpg", "jpeg", "txt", "json", "zip"}), 4 * MO)


def codes(contenu: bytes, nom: str, regle: RegleFichier = TOUT) -> list[str]:
    return [code for code, _ in verifier_fichier(io.BytesIO(contenu), nom, len(contenu), regle)]


def phrases(contenu: bytes, nom: str, regle: RegleFichier = TOUT) -> str:
    return " ".join(p for _, p in verifier_fichier(io.BytesIO(contenu), nom, len(contenu), regle))


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("a.pdf", pdf()),
        ("A.PDF", pdf(3)),
        ("version2.pdf", pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)),
        ("lineaire.pdf", pdf(5, linearize=True)),
        ("a.png", image("PNG")),
        ("a.jpg", image("JPEG")),
        ("a.jpeg", image("JPEG")),
        ("a.txt", "Résultat : 1 €\r\n\tfin".encode()),
        ("latin.txt", "Résultat : 1 €\n".encode("cp1252")),
        ("a.json", b'{"a": [1, 2]}'),
        ("a.zip", archive({"x.txt": b"x"})),
    ],
)
@pytest.mark.exigence("XCT-004")
def test_un_fichier_sain_est_accepte(nom: str, contenu: bytes) -> None:
    assert codes(contenu, nom) == []


@pytest.mark.exigence("JSN-035", "ENR-024", "PUB-030", "MSS-015", "EXP-014")
def test_chaque_ecran_a_ses_propres_limites() -> None:
    regles = {
        "PIECE_ZIP": fichiers.PIECE_ZIP,
        "PIECE_FORMULAIRE": fichiers.PIECE_FORMULAIRE,
        "PREUVE_MSS": PREUVE_MSS,
        "CONTACT": fichiers.CONTACT,
        "MODELE": fichiers.MODELE,
    }
    limites = {nom: (sorted(r.types), r.taille_max, r.nom_max, r.nom_simple) for nom, r in regles.items()}
    assert limites == {
        "PIECE_ZIP": (["jpg", "pdf", "png"], 3_145_728, 100, False),
        "PIECE_FORMULAIRE": (["jpeg", "jpg", "pdf", "png"], 4_194_304, 100, False),
        "PREUVE_MSS": (["pdf", "txt"], 4_194_304, 100, False),
        "CONTACT": (["json", "pdf", "png", "txt", "zip"], 2_097_152, None, False),
        "MODELE": (["jpeg", "jpg", "pdf", "png"], 4_194_304, 50, True),
    }


@pytest.mark.exigence("JSN-035")
@pytest.mark.parametrize(("de_trop", "attendu"), [(0, []), (1, ["4105"])])
def test_la_taille_limite_est_acceptee_un_octet_de_plus_non(de_trop: int, attendu: list[str]) -> None:
    texte = b"a" * (4 * MO + de_trop)
    assert codes(texte, "preuve.txt", PREUVE_MSS) == attendu


def test_la_phrase_de_taille_dit_la_taille_et_la_limite() -> None:
    phrase = phrases(b"a" * (3 * MO + 1), "gros.pdf", fichiers.PIECE_ZIP)
    assert "3\u202f145\u202f729 octets" in phrase
    assert "3\u00a0Mo" in phrase


def test_un_fichier_vide_est_refuse() -> None:
    assert codes(b"", "a.pdf") == ["4106"]


@pytest.mark.exigence("JSN-037")
@pytest.mark.parametrize(("longueur", "attendu"), [(100, []), (101, ["4102"])])
def test_un_nom_de_piece_a_cent_caracteres_au_plus(longueur: int, attendu: list[str]) -> None:
    assert codes(pdf(), "a" * (longueur - 4) + ".pdf", fichiers.PIECE_ZIP) == attendu


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("bon-de_commande.v2.pdf", []),
        ("bon de commande.pdf", ["4103"]),
        ("modèle.pdf", ["4103"]),
        ("n" * 46 + ".pdf", []),
        ("n" * 47 + ".pdf", ["4102"]),
        ("n" * 47 + "é.pdf", ["4102", "4103"]),
    ],
)
@pytest.mark.exigence("EXP-014")
def test_un_modele_a_un_nom_court_et_simple(nom: str, attendu: list[str]) -> None:
    assert codes(pdf(), nom, fichiers.MODELE) == attendu


@pytest.mark.parametrize("nom", ["", "  ", "a/b.pdf", "a\\b.pdf", "a\x00.pdf", "a\u202efdp.pdf", "a\n.pdf"])
def test_un_nom_inutilisable_est_refuse(nom: str) -> None:
    assert codes(pdf(), nom) == ["4101"]


@pytest.mark.exigence("JSN-036")
@pytest.mark.parametrize("autre", ["jpeg", "jfif", "jpe", "JFIF", "pjpeg"])
def test_le_zip_refuse_les_autres_noms_du_jpeg_et_dit_de_renommer_en_jpg(autre: str) -> None:
    assert codes(image("JPEG"), f"a.{autre}", fichiers.PIECE_ZIP) == ["4104"]
    assert f".{autre.lower()}, refusée ici : renommez-le en .jpg" in phrases(
        image("JPEG"), f"a.{autre}", fichiers.PIECE_ZIP
    )
    attendu = [] if autre == "jpeg" else ["4104"]
    assert codes(image("JPEG"), f"a.{autre}", fichiers.PIECE_FORMULAIRE) == attendu


@pytest.mark.parametrize("nom", ["a.exe", "a", "pdf", "a.pdf.", "a.docx"])
def test_une_extension_hors_liste_est_refusee_en_citant_la_liste(nom: str) -> None:
    assert codes(pdf(), nom, fichiers.PIECE_ZIP) == ["4104"]
    assert ".jpg, .pdf ou .png" in phrases(pdf(), nom, fichiers.PIECE_ZIP)


@pytest.mark.parametrize(
    ("nom", "contenu", "attendu"),
    [
        ("a.pdf", EXE, "un programme Windows renommé en .pdf"),
        ("a.pdf", b"\x7fELF" + b"\x00" * 90, "un programme Linux"),
        ("a.pdf", image("PNG"), "une image PNG"),
        ("a.png", image("JPEG"), "une image JPEG renommée en .png"),
        ("a.jpg", image("PNG"), "une image PNG renommée en .jpg"),
        ("a.jpg", image("GIF"), "une image GIF"),
        ("a.pdf", archive({"x": b"x"}), "une archive ZIP"),
        ("a.pdf", archive({"word/document.xml": b"x"}), "un document Word"),
        ("a.pdf", b"<!DOCTYPE html><p>", "une page web"),
        ("a.jpg", b"\x00\x00\x00\x24ftypheic" + b"\x00" * 40, "une photo HEIC renommée en .jpg"),
        ("a.jpg", b"\x00\x00\x00\x24ftypmif1" + b"\x00" * 40, "exportez-la en JPEG"),
        ("a.png", b"\x00\x00\x00\x24ftypavif" + b"\x00" * 40, "une image AVIF renommée"),
        ("a.png", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "une image WebP renommée"),
        ("a.pdf", b"\xef\xbb\xbf<!DOCTYPE HTML>", "une page web renommée"),
        ("a.pdf", b"<?xml version='1.0'?><x/>", "un fichier XML renommé"),
        ("a.png", b"<?xml version='1.0'?><svg/>", "une image SVG renommée"),
        ("a.pdf", b"Rar!\x1a\x07\x00", "une archive RAR renommée"),
        ("a.zip", b"b.pdf".ljust(257, b"\x00") + b"ustar  \x00", "une archive TAR renommée en .zip"),
        ("a.pdf", b"PK\x03\x04" + b"\x00" * 26 + b"ppt/", "une présentation PowerPoint renommée"),
        ("a.pdf", b"fLaC\x00\x00\x00\x22", "un fichier .flac renommé en .pdf"),
        ("a.pdf", b"n'importe quoi", "n'a pas le contenu d'un fichier .pdf"),
        ("a.pdf", b"\n" + pdf(), "octets étrangers avant « %PDF- »"),
        ("a.pdf", b"MZ" + pdf(), "octets étrangers avant « %PDF- »"),
        ("a.zip", pdf(), "un document PDF"),
    ],
)
@pytest.mark.exigence("XCT-004")
def test_un_contenu_renomme_est_refuse_et_nomme(nom: str, contenu: bytes, attendu: str) -> None:
    assert codes(contenu, nom) == ["4111"]
    assert attendu in phrases(contenu, nom)


@pytest.mark.parametrize("part", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("linearise", [False, True])
def test_un_pdf_tronque_est_refuse(part: float, linearise: bool) -> None:
    entier = pdf(4, remplissage=5_000, linearize=linearise)
    assert codes(entier[: int(len(entier) * part)], "a.pdf") == ["4112"]


def test_un_pdf_sans_page_est_refuse() -> None:
    assert codes(pdf(0), "a.pdf") == ["4112"]
    assert "aucune page" in phrases(pdf(0), "a.pdf")


def _pdf_avec(cle: str, valeur: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.Root[cle] = valeur
    return enregistrer(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@pytest.mark.parametrize(
    ("cle", "valeur", "attendu"),
    [
        ("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), "du JavaScript"),
        (
            "/AA",
            pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe")),
            "lance un programme",
        ),
        ("/Names", pikepdf.Dictionary(X=[pikepdf.Dictionary(JS="1")]), "du JavaScript"),
    ],
)
def test_un_pdf_a_contenu_actif_est_refuse_meme_cache_dans_un_objet_direct(
    cle: str, valeur: object, attendu: str
) -> None:
    assert codes(_pdf_avec(cle, valeur), "a.pdf") == ["4114"]
    assert attendu in phrases(_pdf_avec(cle, valeur), "a.pdf")


@pytest.mark.parametrize(
    ("nom", "contenu", "attendu"),
    [
        ("factur-x.xml", b"<x/>", []),
        ("a.exe", b"rien", ["4114"]),
        ("a.xml", EXE, ["4114"]),
        ("a.zip", b"PK", ["4114"]),
    ],
)
def test_une_facture_peut_porter_ses_donnees_mais_pas_un_programme(
    nom: str, contenu: bytes, attendu: list[str]
) -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments[nom] = contenu
    assert codes(enregistrer(document), "a.pdf") == attendu


@pytest.mark.parametrize(("enfle", "attendu"), [(MO, []), (300 * MO, ["4112"])])
def test_un_pdf_qui_enfle_demesurement_n_est_pas_decompresse(enfle: int, attendu: list[str]) -> None:
    structure = b"9 0 (" + b"a" * enfle + b")"
    assert codes(avec_table_compressee(zlib.compress(structure, 9)), "a.pdf") == attendu


@pytest.mark.parametrize("contenu", [b"a\x00b", b"\x1b[31m", b"a\x7f", EXE])
def test_un_txt_avec_des_octets_de_controle_est_refuse(contenu: bytes) -> None:
    assert codes(contenu, "a.txt") == ["4117"]


def test_un_json_joint_a_de_grands_nombres_est_accepte() -> None:
    assert codes(b'{"a": ' + b"9" * 6_000 + b"}", "a.json") == []


@pytest.mark.parametrize("contenu", [b"{", b"\xff{}", b"[" * 100_000])
def test_un_json_joint_illisible_est_refuse(contenu: bytes) -> None:
    assert codes(contenu, "a.json") == ["4118"]


def test_une_archive_jointe_est_controlee_elle_aussi() -> None:
    assert codes(archive({"../a.txt": b"x"}), "a.zip") == ["4128"]
    assert codes(archive({"a.txt": b"x"})[:-10], "a.zip") == ["4121"]


def test_tous_les_problemes_du_nom_et_de_la_taille_sont_dits_ensemble() -> None:
    regle = replace(fichiers.MODELE, taille_max=1)
    assert codes(b"xx", "é" * 60 + ".exe", regle) == ["4102", "4103", "4104", "4105"]
