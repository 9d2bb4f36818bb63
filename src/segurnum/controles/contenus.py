"""What a file really holds: signatures at octet 0, PDF, pictures and texts opened without any repair.

Python's and qpdf's tolerance is turned off on purpose: a file that only opens after a repair would not open
for everybody who has to read it during the instruction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pikepdf
import puremagic
from PIL import Image

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.problemes import Probleme, probleme

AUTRE_CONTENU = declarer(
    "4111",
    "Contenu différent de l'extension",
    ERREUR,
    "Les premiers octets du fichier ne sont pas ceux du format que son extension annonce.",
    "Enregistrez le document dans le format annoncé ; renommer un fichier ne le convertit pas.",
)
PDF_ABIME = declarer(
    "4112",
    "PDF illisible, tronqué ou vide",
    ERREUR,
    "Le PDF ne s'ouvre pas sans réparation : il est tronqué ou abîmé, ou n'a aucune page.",
    "Produisez à nouveau le PDF à partir du document d'origine.",
)
PDF_CHIFFRE = declarer(
    "4113",
    "PDF protégé",
    ERREUR,
    "Le PDF est chiffré, avec ou sans mot de passe à l'ouverture : tous ne pourraient pas le lire.",
    "Retirez la protection du document et joignez-le à nouveau.",
)
PDF_ACTIF = declarer(
    "4114",
    "PDF avec du contenu actif",
    ERREUR,
    "Le PDF contient du JavaScript, une action qui lance un programme, ou une pièce incorporée exécutable. "
    "Les données jointes ordinaires (le XML d'une facture Factur-X par exemple) sont acceptées.",
    "Imprimez le document dans un nouveau PDF : le contenu actif disparaît.",
)
IMAGE_ABIMEE = declarer(
    "4115",
    "Image illisible ou tronquée",
    ERREUR,
    "L'image ne peut pas être décodée jusqu'au bout.",
    "Numérisez ou exportez à nouveau l'image.",
)
IMAGE_GEANTE = declarer(
    "4116",
    "Image aux dimensions excessives",
    ERREUR,
    "L'image compte plus de 50 millions de points, plus qu'une page A4 numérisée à 600 points par pouce.",
    "Numérisez en 200 ou 300 points par pouce.",
)
PAS_DU_TEXTE = declarer(
    "4117",
    "Texte illisible",
    ERREUR,
    "Le fichier .txt contient des octets de contrôle : ce n'est pas un texte en UTF-8 ou en Latin-1.",
    "Enregistrez le document au format « texte brut » en UTF-8.",
)
JSON_ILLISIBLE = declarer(
    "4118",
    "JSON illisible",
    ERREUR,
    "Le contenu du fichier .json joint n'est pas du JSON en UTF-8.",
    "Vérifiez le fichier avec le simulateur, qui indique la ligne en cause.",
)

POINTS_MAX = 50_000_000
OBJETS_MAX = 200_000
STRUCTURE_MAX = 4 << 20  # octets of a PDF's decompressed structure; bills and orders need far less

_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}

# Contents that people really rename, named in plain French; puremagic names the others.
_CONTENUS_CONNUS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "un programme Windows"),
    (b"\x7fELF", "un programme Linux"),
    (b"%PDF-", "un document PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"BM", "une image BMP"),
    (b"II*\x00", "une image TIFF"),
    (b"MM\x00*", "une image TIFF"),
    (b"\xd0\xcf\x11\xe0", "un ancien document Office"),
    (b"{\\rtf", "un document RTF"),
    (b"#!", "un script"),
)
_EXECUTABLES = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_JOINTES_PERMISES = frozenset({"xml", "csv", "txt", "json", "pdf", "png", "jpg", "jpeg"})

# A few compressed octets must not become gigabytes. This limit is that of the whole process.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=STRUCTURE_MAX, run_length_max_memory=STRUCTURE_MAX, parser_max_nesting=100
)


def verifier_contenu(flux: BinaryIO, nom: str, taille: int, extension: str) -> list[Probleme]:
    """Problems of the content, given the (accepted) extension it must agree with."""
    flux.seek(0)
    tete = flux.read(4096)
    attendues = _SIGNATURES.get(extension)
    if attendues and not tete.startswith(attendues):
        return [probleme(AUTRE_CONTENU, f"le fichier « {nom} » {_ce_que_c_est(tete, nom, extension)}")]
    flux.seek(0)
    return _CONTROLES[extension](flux, nom, taille)


def _ce_que_c_est(tete: bytes, nom: str, extension: str) -> str:
    debut = tete.lstrip()
    if extension == "pdf" and b"%PDF-" in tete[:1024]:
        return "a des octets étrangers avant « %PDF- » ; un PDF doit commencer par cette marque."
    reel = _nom_du_contenu(tete, debut, nom)
    if reel is None:
        return f"n'a pas le contenu d'un fichier .{extension} ; il est peut-être abîmé ou renommé."
    return f"est {reel} renommé en .{extension} ; un vrai fichier .{extension} est attendu."


def _nom_du_contenu(tete: bytes, debut: bytes, nom: str) -> str | None:
    if tete.startswith(b"PK"):
        return _nom_du_zip(tete)
    if tete[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "une photo HEIC"
    if debut[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "une page web"
    for signature, description in _CONTENUS_CONNUS:
        if tete.startswith(signature):
            return description
    try:
        suffixe = puremagic.from_string(tete)
    except (puremagic.PureError, ValueError):
        return None
    return f"un fichier {suffixe}" if suffixe else None


def _nom_du_zip(tete: bytes) -> str:
    for marque, description in (
        (b"word/", "un document Word"),
        (b"xl/", "un classeur Excel"),
        (b"ppt/", "une présentation PowerPoint"),
        (b"opendocument", "un document LibreOffice"),
        (b"[Content_Types].xml", "un document Office"),
    ):
        if marque in tete:
            return description
    return "une archive ZIP"


def _verifier_pdf(flux: BinaryIO, nom: str, taille: int) -> list[Probleme]:
    try:
        with pikepdf.open(flux, attempt_recovery=False) as document:
            if document.is_encrypted:
                return [_pdf_chiffre(nom)]
            if _structure_demesuree(document):
                return [
                    probleme(
                        PDF_ABIME, f"le PDF « {nom} » a une structure démesurée ; produisez-le à nouveau."
                    )
                ]
            if len(document.pages) == 0:
                return [probleme(PDF_ABIME, f"le PDF « {nom} » n'a aucune page.")]
            actifs = sorted(set(_contenus_actifs(document)))
    except pikepdf.PasswordError:
        return [_pdf_chiffre(nom)]
    except MemoryError:  # the limit of the child that reads: it says nothing of the file's soundness
        raise
    except Exception:  # qpdf reports damage through many types; each means that the file does not open.
        return [
            probleme(PDF_ABIME, f"le PDF « {nom} » est tronqué ou abîmé ; il ne s'ouvre pas sans réparation.")
        ]
    if actifs:
        return [
            probleme(PDF_ACTIF, f"le PDF « {nom} » contient {' et '.join(actifs)} ; joignez-le sans cela.")
        ]
    return []


def _structure_demesuree(document: pikepdf.Pdf) -> bool:
    """Judge the size of the object streams before the objects that they hold are built, one by one, in memory."""
    table = document.get_xref_table().values()
    if len(table) > OBJETS_MAX:
        return True
    total = 0
    for numero in {n for entree in table if (n := entree.obj_stream_number)}:
        flux = document.get_object(numero, 0)
        total += len(flux.read_bytes()) if isinstance(flux, pikepdf.Stream) else 0
        if total > STRUCTURE_MAX:
            return True
    return False


def _pdf_chiffre(nom: str) -> Probleme:
    return probleme(PDF_CHIFFRE, f"le PDF « {nom} » est protégé (chiffré) ; joignez-le sans protection.")


def _contenus_actifs(document: pikepdf.Pdf) -> Iterator[str]:
    for objet in document.objects:
        yield from _actifs_de(objet)


def _actifs_de(objet: Any) -> Iterator[str]:
    """Active content of one object and of its direct children (indirect ones are met in their own turn)."""
    if isinstance(objet, pikepdf.Array):
        enfants = iter(objet)
    elif isinstance(objet, pikepdf.Dictionary | pikepdf.Stream):
        yield from _actif(objet)
        enfants = iter(objet.values())
    else:
        return
    for enfant in enfants:
        if isinstance(enfant, pikepdf.Object) and not enfant.is_indirect:
            yield from _actifs_de(enfant)


def _actif(objet: Any) -> Iterator[str]:
    if "/JS" in objet or objet.get("/S") == "/JavaScript":
        yield "du JavaScript"
    if objet.get("/S") == "/Launch":
        yield "une action qui lance un programme"
    if "/EF" in objet and _jointe_executable(objet):
        yield "une pièce incorporée qui n'est pas un simple document"


def _jointe_executable(specification: Any) -> bool:
    nom = str(specification.get("/UF", specification.get("/F", "")))
    if nom.rpartition(".")[2].lower() not in _JOINTES_PERMISES:
        return True
    return any(flux.read_bytes().startswith(_EXECUTABLES) for flux in specification.EF.values())


def _verifier_png(flux: BinaryIO, nom: str, taille: int) -> list[Probleme]:
    return _verifier_image(flux, nom, "PNG")


def _verifier_jpeg(flux: BinaryIO, nom: str, taille: int) -> list[Probleme]:
    return _verifier_image(flux, nom, "JPEG")


def _verifier_image(flux: BinaryIO, nom: str, format_pillow: str) -> list[Probleme]:
    geante = probleme(
        IMAGE_GEANTE,
        f"l'image « {nom} » a des dimensions excessives ; {POINTS_MAX // 1_000_000} millions de points au "
        "plus sont acceptés.",
    )
    try:
        with Image.open(flux, formats=[format_pillow]) as image:
            if image.width * image.height > POINTS_MAX:
                return [geante]
            # A JPEG is decoded at an eighth of its size: all of its data are read, at little memory.
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return [geante]
    except MemoryError:  # the limit of the child that reads: it says nothing of the file's soundness
        raise
    except Exception:  # Pillow's decoders raise many types; each means that the picture cannot be shown.
        return [probleme(IMAGE_ABIMEE, f"l'image « {nom} » est illisible ou tronquée.")]
    return []


def _verifier_texte(flux: BinaryIO, nom: str, taille: int) -> list[Probleme]:
    while bloc := flux.read(65_536):
        if bloc.translate(None, _HORS_TEXTE) != bloc:
            return [probleme(PAS_DU_TEXTE, f"le fichier « {nom} » n'est pas du texte brut, attendu ici.")]
    return []


def _verifier_json(flux: BinaryIO, nom: str, taille: int) -> list[Probleme]:
    try:
        json.loads(flux.read().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return [probleme(JSON_ILLISIBLE, f"le fichier « {nom} » n'est pas du JSON lisible en UTF-8.")]
    return []


def _verifier_zip(flux: BinaryIO, nom: str, taille: int) -> list[Probleme]:
    # Imported here because the archive module needs this one for its own sentences.
    from segurnum.controles.archive import problemes_de_structure

    return problemes_de_structure(flux, taille)


_HORS_TEXTE = bytes(set(range(0x20)) - set(b"\t\n\r\f") | {0x7F})
_CONTROLES: dict[str, Callable[[BinaryIO, str, int], list[Probleme]]] = {
    "pdf": _verifier_pdf,
    "png": _verifier_png,
    "jpg": _verifier_jpeg,
    "jpeg": _verifier_jpeg,
    "txt": _verifier_texte,
    "json": _verifier_json,
    "zip": _verifier_zip,
}
