"""What a file really holds: signatures at octet 0, then the check of its format.

A content is judged by what everybody who has to read it will see. What is merely unusual in its making is accepted;
what only some readers would show, or what would act on its reader, is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import BinaryIO

from segurnum.controles.archive import problemes_de_structure
from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.formats import SIGNATURES, reconnaitre, reconnaitre_surement
from segurnum.controles.images import verifier_jpeg, verifier_png
from segurnum.controles.pdf import verifier_pdf
from segurnum.controles.problemes import Probleme, probleme

AUTRE_CONTENU = declarer(
    "4111",
    "Contenu différent de l'extension",
    ERREUR,
    "Les premiers octets du fichier ne sont pas ceux du format que son extension annonce.",
    "Enregistrez le document dans le format annoncé ; renommer un fichier ne le convertit pas.",
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
_TETE = 4096  # octets


def verifier_contenu(flux: BinaryIO, nom: str, taille: int, extension: str) -> list[Probleme]:
    """Problems of the content, given the (accepted) extension it must agree with."""
    flux.seek(0)
    tete = flux.read(_TETE)
    attendues = SIGNATURES.get(extension)
    if attendues and not tete.startswith(attendues) and not _zip_precede(tete, extension):
        return [probleme(AUTRE_CONTENU, f"le fichier « {nom} » {_ce_que_c_est(tete, extension)}")]
    flux.seek(0)
    return _CONTROLES[extension](flux, nom, taille)


def _zip_precede(tete: bytes, extension: str) -> bool:
    """A ZIP may begin after a few octets of nothing: it is then for its own check to say whether it is whole."""
    return extension == "zip" and reconnaitre_surement(tete) is None


def _ce_que_c_est(tete: bytes, extension: str) -> str:
    if extension == "pdf" and b"%PDF-" in tete[:1024]:
        return "a des octets étrangers avant « %PDF- » ; un PDF doit commencer par cette marque."
    reel = reconnaitre(tete)
    if reel is None:
        return f"n'a pas le contenu d'un fichier .{extension} ; il est peut-être abîmé ou renommé."
    conseil = f" : {reel.conseil}" if reel.conseil else ""
    return (
        f"est {reel.nom} {reel.renomme} en .{extension} ; un vrai fichier .{extension} est attendu{conseil}."
    )


def _verifier_texte(flux: BinaryIO, nom: str, _taille: int) -> list[Probleme]:
    while bloc := flux.read(65_536):
        if bloc.translate(None, _HORS_TEXTE) != bloc:
            return [probleme(PAS_DU_TEXTE, f"le fichier « {nom} » n'est pas du texte brut, attendu ici.")]
    return []


def _verifier_json(flux: BinaryIO, nom: str, _taille: int) -> list[Probleme]:
    try:
        # Numbers are not read: one of 5 000 digits is not damage.
        json.loads(flux.read().decode("utf-8-sig"), parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return [probleme(JSON_ILLISIBLE, f"le fichier « {nom} » n'est pas du JSON lisible en UTF-8.")]
    return []


def _verifier_zip(flux: BinaryIO, _nom: str, taille: int) -> list[Probleme]:
    return problemes_de_structure(flux, taille)


_HORS_TEXTE = bytes(set(range(0x20)) - set(b"\t\n\r\f") | {0x7F})
_CONTROLES: dict[str, Callable[[BinaryIO, str, int], list[Probleme]]] = {
    "pdf": verifier_pdf,
    "png": verifier_png,
    "jpg": verifier_jpeg,
    "jpeg": verifier_jpeg,
    "txt": _verifier_texte,
    "json": _verifier_json,
    "zip": _verifier_zip,
}
