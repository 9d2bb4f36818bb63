"""An untrusted ZIP is opened safely: structure, paths, links, encryption, bombs, lies."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from segurnum.controles import archive as module_archive
from segurnum.controles.archive import TAILLE_MAX, Archive, ArchiveRefusee, problemes_de_structure
from segurnum.controles.problemes import MO

from .fabrique_pieces import archive


def structure(octets: bytes) -> list[str]:
    return [code for code, _ in problemes_de_structure(io.BytesIO(octets), len(octets))]


def ouvrir(octets: bytes) -> Archive:
    return Archive(io.BytesIO(octets), len(octets))


def lecture(octets: bytes) -> list[str]:
    """The codes met when every entry is read."""
    lue = ouvrir(octets)
    codes = []
    for entree in lue.entrees:
        try:
            lue.lire(entree)
        except ArchiveRefusee as refus:
            codes += [code for code, _ in refus.problemes]
    return codes


def entree_unix(nom: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(nom)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def modifier_central(octets: bytes, decalage: int, format_: str, valeur: int) -> bytes:
    """Overwrite one number of the first central directory record."""
    debut = octets.index(b"PK\x01\x02") + decalage
    return octets[:debut] + struct.pack(format_, valeur) + octets[debut + struct.calcsize(format_) :]


@pytest.mark.parametrize(
    "octets",
    [b"bonjour", b"Rar!\x1a\x07\x00", b"%PDF-1.7", archive({"a": b"x" * 99})[:-30]],
    ids=["texte", "rar", "pdf", "zip tronqué"],  # the time is among the bytes of a ZIP
)
def test_ce_qui_n_est_pas_un_zip_entier_est_refuse(octets: bytes) -> None:
    assert structure(octets) == ["4121"]


@pytest.mark.parametrize(
    "contenu",
    [{}, {"dossier/": b""}, {"d\\": b""}, {"__MACOSX/._a.pdf": b"x", ".DS_Store": b"x", "d/Thumbs.db": b"x"}],
)
def test_une_archive_sans_fichier_utile_est_refusee(contenu: dict[str, bytes]) -> None:
    assert structure(archive(contenu)) == ["4122"]


RESTES = [
    "__MACOSX/d/._a.pdf",
    "d/.DS_Store",
    "._a.pdf",
    ".Spotlight-V100/x",
    "Thumbs.db",
    "d/ehThumbs.db",
    "d/Desktop.ini",
    "$RECYCLE.BIN/a.pdf",
    "@eaDir/a.pdf/SYNOFILE_THUMB_M.jpg",
    "a.pdf@SynoEAStream",
    "#recycle/a.pdf",
    ".@__thumb/a.pdf",
    ".stfolder/syncthing-folder-1.txt",
    ".stignore",
    "d/~$bon.docx",
    "~WRL0003.tmp",
    ".~lock.bon.odt#",
    ".dropbox",
]


@pytest.mark.parametrize("reste", RESTES)
def test_ce_qu_un_logiciel_laisse_est_ignore_et_dit_ignore(reste: str) -> None:
    lue = ouvrir(archive({"d/": b"", "d/a.pdf": b"x", reste: b"x"}))
    assert [e.nom for e in lue.entrees] == ["a.pdf"]
    assert lue.ignores == [reste]


@pytest.mark.parametrize(
    "nom", ["thumbs.pdf", "eaDir/a.pdf", "$a.pdf", "a~$.pdf", "recycle/a.pdf", "DS_Store.pdf"]
)
def test_ce_qui_ressemble_a_un_reste_n_est_pas_ignore(nom: str) -> None:
    lue = ouvrir(archive({nom: b"x"}))
    assert [e.nom for e in lue.entrees] == [nom.rpartition("/")[2]]
    assert lue.ignores == []


@pytest.mark.exigence("JSN-039")
@pytest.mark.parametrize(("taille", "code"), [(TAILLE_MAX, "4121"), (TAILLE_MAX + 1, "4123")])
def test_deux_cents_mo_sont_acceptes_un_octet_de_plus_non(taille: int, code: str) -> None:
    """At the limit the archive is opened (and found not to be a ZIP); one octet above, it is not even read."""
    assert [c for c, _ in problemes_de_structure(io.BytesIO(b"xxxx"), taille)] == [code]


@pytest.mark.parametrize(
    "chemin",
    [
        "/etc/a.pdf",
        "../a.pdf",
        "a/../../b.pdf",
        "..",
        "C:/a.pdf",
        "c:a.pdf",
        "..\\a.pdf",
        "d\\..\\a.pdf",
        "C:\\a.pdf",
        "\\a.pdf",
        "\\\\hote\\partage\\a.pdf",
        "a\u202efdp.exe",
        "a\n",
    ],
)
def test_un_chemin_dangereux_est_refuse(chemin: str) -> None:
    assert structure(archive({"bon.pdf": b"x", chemin: b"x"})) == ["4128"]


def test_les_dossiers_separes_par_une_barre_oblique_inverse_sont_acceptes() -> None:
    """As PowerShell 5.1 writes them, the folders' own entries included."""
    octets = archive([("pieces\\", b""), ("pieces\\a.pdf", b"x"), ("pieces\\d/b.pdf", b"y")])
    lue = ouvrir(octets)
    assert structure(octets) == []
    assert [(e.nom, lue.lire(e).flux.read()) for e in lue.entrees] == [("a.pdf", b"x"), ("b.pdf", b"y")]
    assert structure(archive([("d\\a.pdf", b"x"), ("e/A.pdf", b"y")])) == ["4130", "4130"]


def test_un_octet_nul_dans_un_nom_est_refuse() -> None:
    octets = archive({"aaaaZ.exe": b"x"}).replace(b"aaaaZ.exe", b"a.pd\x00.exe")
    assert structure(octets) == ["4128"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600, stat.S_IFCHR | 0o600])
def test_un_lien_ou_un_fichier_special_est_refuse(mode: int) -> None:
    assert structure(archive([(entree_unix("a.pdf", mode), b"/etc/passwd")])) == ["4129"]
    assert structure(archive([(entree_unix("a.pdf", stat.S_IFREG | 0o644), b"x")])) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("premier", "second"),
    [("a.pdf", "a.pdf"), ("a.pdf", "A.PDF"), ("x/a.pdf", "y/a.pdf"), ("é.pdf", "e\u0301.pdf")],
)
def test_deux_entrees_de_meme_nom_sont_refusees_toutes_deux(premier: str, second: str) -> None:
    assert structure(archive([(premier, b"1"), (second, b"2")])) == ["4130", "4130"]


def test_une_entree_chiffree_est_refusee() -> None:
    octets = bytearray(archive({"a.pdf": b"x"}))
    octets[6] |= 1
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    assert structure(bytes(octets)) == ["4127"]


def test_une_page_blanche_se_compresse_autant_qu_elle_veut_mais_pas_une_bombe() -> None:
    assert structure(archive({"a.pdf": b"\xff" * (3 * MO)})) == []
    assert structure(archive({"a.pdf": b"\x00" * (20 * MO)})) == []
    assert structure(archive({"a.pdf": b"\x00" * (20 * MO + 1)})) == ["4125"]


def test_une_archive_enorme_une_fois_decompressee_est_refusee() -> None:
    octets = modifier_central(archive({"a.pdf": b"x"}), 24, "<L", module_archive.TOTAL_MAX + 1)
    assert structure(octets) == ["4125"]


def test_trop_d_entrees_sont_refusees() -> None:
    noms = {f"{i}.txt": b"" for i in range(module_archive.ENTREES_MAX + 1)}
    assert structure(archive(noms)) == ["4124"]


def test_un_sommaire_geant_n_est_pas_charge_en_memoire() -> None:
    commentaire = zipfile.ZipInfo("a.txt")
    commentaire.comment = b"c" * 60_000
    infos = []
    for i in range(80):
        info = zipfile.ZipInfo(f"{i}.txt")
        info.comment = commentaire.comment
        infos.append((info, b""))
    assert structure(archive(infos)) == ["4124"]


def _plus_petite(octets: bytes) -> bytes:
    return modifier_central(octets, 24, "<L", 10)


def _plus_grande(octets: bytes) -> bytes:
    return modifier_central(octets, 24, "<L", 5_000)


def _autre_crc(octets: bytes) -> bytes:
    return modifier_central(octets, 16, "<L", 0x12345678)


def _donnees_abimees(octets: bytes) -> bytes:
    return octets[:45] + bytes([octets[45] ^ 0xFF]) + octets[46:]


@pytest.mark.parametrize("methode", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("mensonge", [_plus_petite, _plus_grande, _autre_crc, _donnees_abimees])
def test_une_entree_qui_ment_sur_sa_taille_ou_son_contenu_est_refusee(
    mensonge: Callable[[bytes], bytes], methode: int
) -> None:
    octets = archive({"a.pdf": bytes(range(256)) * 4}, methode)
    assert lecture(octets) == []
    assert lecture(mensonge(octets)) == ["4131"]


@pytest.mark.parametrize(
    ("numero", "nom"),
    [
        (9, "Deflate64"),
        (12, "BZip2"),
        (14, "LZMA"),
        (93, "Zstandard"),
        (95, "XZ"),
        (98, "PPMd"),
        (77, "n° 77"),
    ],
)
def test_une_autre_methode_de_compression_est_refusee_par_son_nom_avec_que_faire(
    numero: int, nom: str
) -> None:
    octets = bytearray(archive({"a.pdf": b"x" * 50}))
    octets[8] = octets[octets.index(b"PK\x01\x02") + 10] = numero
    ((code, phrase),) = problemes_de_structure(io.BytesIO(octets), len(octets))
    assert code == "4132"
    assert f"méthode de compression non prise en charge ({nom})" in phrase
    assert "« Compresser »" in phrase


def test_le_chiffrement_aes_qui_s_ecrit_comme_une_methode_est_dit_chiffre() -> None:
    octets = bytearray(archive({"a.pdf": b"x" * 50}))
    octets[8] = octets[octets.index(b"PK\x01\x02") + 10] = 99
    assert structure(bytes(octets)) == ["4127"]


@pytest.mark.parametrize("avant", [b"PK00", b"PK\x07\x08", b"\r\n", b"\x00" * 700])
@pytest.mark.parametrize("compte", [True, False])
def test_des_octets_avant_le_premier_fichier_sont_acceptes_quand_l_archive_est_entiere(
    avant: bytes, compte: bool
) -> None:
    """Whether the places written in the archive count them or not."""
    entier = archive({"a.pdf": b"bonjour", "b.pdf": b"x"})
    octets = avant + entier
    if compte:
        sommaire = entier.index(b"PK\x01\x02")
        octets = octets[:-6] + struct.pack("<L", sommaire + len(avant)) + octets[-2:]
        for rang, place in enumerate((0, entier.index(b"PK\x03\x04", 4))):
            central = [m.start() for m in re.finditer(b"PK\x01\x02", octets)][rang]
            octets = octets[: central + 42] + struct.pack("<L", place + len(avant)) + octets[central + 46 :]
    assert structure(octets) == []
    assert ouvrir(octets).lire(ouvrir(octets).entrees[0]).flux.read() == b"bonjour"


@pytest.mark.parametrize("premiere", [True, False])
def test_une_partie_d_une_archive_decoupee_est_dite_telle(premiere: bool) -> None:
    entier = archive({"a.pdf": bytes(range(200)), "b.pdf": bytes(range(100))})
    derniere = entier[80:-18] + b"\x02\x00\x02\x00" + entier[-14:]
    octets = b"PK\x07\x08" + entier[:120] if premiere else derniere
    ((code, phrase),) = problemes_de_structure(io.BytesIO(octets), len(octets))
    assert code == "4121"
    assert "une partie d'une archive découpée" in phrase


@pytest.mark.parametrize(
    "avant", [b"MZ\x90\x00", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"a.zip".ljust(257, b"\0") + b"ustar\x0000"]
)
def test_une_archive_derriere_un_autre_document_n_en_est_pas_une(avant: bytes) -> None:
    assert structure(avant + archive({"a.pdf": b"x"})) == ["4121"]


@pytest.mark.parametrize("place", range(40, 150, 10))
@pytest.mark.parametrize("de_trop", [b"", b"zz"])
def test_un_octet_perdu_ou_ajoute_en_route_est_dit(place: int, de_trop: bytes) -> None:
    """Central directory shifted from what it says, places before the beginning included."""
    entier = archive({"a.pdf": bytes(range(200)), "b.pdf": bytes(range(100))})
    assert structure(entier[:place] + de_trop + entier[place + 1 :]) == ["4121"]


@pytest.mark.parametrize("place", [0xFFFFFFFE, 5_000, 3])
def test_un_sommaire_qui_designe_n_importe_quelle_place_est_refuse(place: int) -> None:
    assert structure(modifier_central(archive({"a.pdf": b"x" * 99}), 42, "<L", place)) == ["4121"]


def test_les_entrees_sont_comptees_avant_d_etre_lues(monkeypatch: pytest.MonkeyPatch) -> None:
    def lire(*_: object) -> None:
        raise AssertionError("une entrée du sommaire a été lue")

    hostile = archive({f"{i}.txt": b"" for i in range(module_archive.ENTREES_MAX + 1)})
    monkeypatch.setattr(zipfile.ZipInfo, "_decodeExtra", lire)
    assert structure(hostile) == ["4124"]


def test_des_entrees_qui_se_chevauchent_sont_refusees() -> None:
    octets = archive({"a.pdf": b"x" * 100, "b.pdf": b"y"}, zipfile.ZIP_STORED)
    assert structure(modifier_central(octets, 20, "<L", 120)) == ["4126"]


def test_une_entree_qui_deborde_sur_le_sommaire_est_refusee() -> None:
    octets = archive({"a.pdf": b"x" * 100}, zipfile.ZIP_STORED)
    assert structure(modifier_central(octets, 20, "<L", 101)) == ["4126"]


@pytest.mark.parametrize(("place", "valeur"), [(8, 0), (6, 1), (30, ord("z"))])
def test_un_en_tete_local_qui_contredit_le_sommaire_est_refuse(place: int, valeur: int) -> None:
    octets = bytearray(archive({"a.pdf": b"x" * 100}))
    octets[place] = valeur
    assert structure(bytes(octets)) == ["4126"]


def test_un_zip64_est_lu() -> None:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as cible, cible.open("a.pdf", "w", force_zip64=True) as entree:
        entree.write(b"bonjour")
    lue = ouvrir(sortie.getvalue())
    assert lue.lire(lue.entrees[0]).flux.read() == b"bonjour"


@pytest.mark.parametrize("codage", ["utf-8", "cp850"])
def test_les_noms_accentues_des_vieux_outils_sont_lus(codage: str) -> None:
    brut = "été.pdf".encode(codage)
    provisoire = b"z" * len(brut)
    octets = archive({provisoire.decode(): b"x"}).replace(provisoire, brut)
    lue = ouvrir(octets)
    assert [e.nom for e in lue.entrees] == ["été.pdf"]
    assert lue.lire(lue.entrees[0]).flux.read() == b"x"


def test_un_fichier_vide_est_dit_vide() -> None:
    assert structure(b"") == ["4122"]


def test_un_nom_annonce_utf8_qui_ne_l_est_pas_est_refuse() -> None:
    octets = archive({"éé.pdf": b"x"}).replace("éé".encode(), b"\xff\xfe\xff\xfe")
    assert structure(octets) == ["4121"]


def test_le_contenu_lu_porte_son_empreinte_et_sa_taille() -> None:
    lue = ouvrir(archive({"a.pdf": b"abc"}))
    contenu = lue.lire(lue.entrees[0])
    assert contenu.taille == 3
    assert contenu.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
