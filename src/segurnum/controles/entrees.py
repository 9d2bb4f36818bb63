"""One file of an untrusted ZIP, before its octets are read: its name, and all that is wrong with it."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.problemes import MO, Probleme, lisible, octets, probleme
from segurnum.couloirs.nomenclature import cle_de_nom

RATIO_MAX = 100
SANS_RATIO = 20 * MO  # octets: what a screen accepts at most; a blank page may be packed a thousand times

BOMBE = declarer(
    "4125",
    "Taille décompressée anormale",
    ERREUR,
    "L'archive ou un de ses fichiers grossirait démesurément une fois décompressé.",
    "Créez à nouveau l'archive à partir des pièces d'origine.",
)
ENTREE_CHIFFREE = declarer(
    "4127",
    "Fichier chiffré dans l'archive",
    ERREUR,
    "Le fichier est protégé par un mot de passe dans l'archive.",
    "Créez l'archive sans mot de passe.",
)
CHEMIN_INTERDIT = declarer(
    "4128",
    "Chemin interdit dans l'archive",
    ERREUR,
    "Le chemin est absolu, remonte par « .. », porte une lettre de lecteur ou un caractère invisible. Les dossiers "
    "sont acceptés, que l'outil les sépare par « / » ou par « \\ ».",
    "Créez l'archive à partir des fichiers eux-mêmes, avec l'outil de votre système.",
)
LIEN = declarer(
    "4129",
    "Lien dans l'archive",
    ERREUR,
    "L'entrée est un lien ou un fichier spécial, pas un fichier ordinaire.",
    "Remplacez le lien par le fichier qu'il désigne.",
)
NOM_REPETE = declarer(
    "4130",
    "Deux fichiers de même nom",
    ERREUR,
    "Deux fichiers de l'archive ont le même nom, sans tenir compte des dossiers ni de la casse.",
    "Ne gardez qu'un fichier pour chaque nom annoncé.",
)
METHODE = declarer(
    "4132",
    "Méthode de compression non prise en charge",
    ERREUR,
    "Un fichier de l'archive est compressé par une autre méthode que Deflate, que tous les logiciels ne lisent pas.",
    "Créez à nouveau l'archive avec le menu « Compresser » de votre système ; dans 7-Zip, choisissez le format zip et "
    "la méthode « Deflate », dans WinZip la compression « Zip : compatibilité maximale ».",
)

_METHODES = {
    1: "Shrink",
    **dict.fromkeys((2, 3, 4, 5), "Reduce"),
    6: "Implode",
    9: "Deflate64",
    10: "Implode de PKWARE",
    12: "BZip2",
    14: "LZMA",
    16: "CMPSC",
    18: "Terse",
    19: "LZ77",
    20: "Zstandard",
    93: "Zstandard",
    94: "MP3",
    95: "XZ",
    96: "JPEG",
    97: "WavPack",
    98: "PPMd",
}
_AES = 99  # WinZip's encryption is written as a method
_LECTEUR = re.compile(r"[A-Za-z]:")
_UTF8 = 0x800
_CHIFFREE = 0x1


@dataclass(frozen=True, slots=True)
class Entree:
    """One file of the archive: its base name, its sizes in octets, what is wrong before reading it."""

    nom: str
    taille: int
    compressee: int
    info: zipfile.ZipInfo
    problemes: list[Probleme] = field(default_factory=list)


def decrire_entrees(fichiers: Iterable[tuple[zipfile.ZipInfo, str]]) -> list[Entree]:
    """The files of an archive, each given with its path."""
    nommes = [(info, chemin, chemin.rpartition("/")[2]) for info, chemin in fichiers]
    compte = Counter(cle_de_nom(nom) for _, _, nom in nommes)
    return [
        Entree(
            nom=nom,
            taille=info.file_size,
            compressee=info.compress_size,
            info=info,
            problemes=[
                *_problemes_du_chemin(chemin),
                *_problemes_de_l_entree(info, lisible(nom)),
                *_problemes_de_repetition(nom, compte),
            ],
        )
        for info, chemin, nom in nommes
    ]


def chemin_de(info: zipfile.ZipInfo) -> str:
    """The entry's path, its folders parted by « / » whichever sign the tool wrote (PowerShell 5.1 writes « \\ »).

    Names without the UTF-8 flag are tried as UTF-8, then as DOS Western (cp850).
    """
    brut = octets_du_nom(info)
    try:
        chemin = brut.decode("utf-8")
    except UnicodeDecodeError:
        chemin = brut.decode("cp850")
    return chemin.replace("\\", "/")


def octets_du_nom(info: zipfile.ZipInfo) -> bytes:
    """The name as the archive writes it."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _problemes_du_chemin(chemin: str) -> Iterator[Probleme]:
    if (
        chemin.startswith("/")
        or _LECTEUR.match(chemin)
        or ".." in chemin.split("/")
        or any(unicodedata.category(c)[0] == "C" for c in chemin)
    ):
        yield probleme(
            CHEMIN_INTERDIT,
            f"le chemin « {lisible(chemin)} » est interdit ; un simple nom de fichier est attendu.",
        )


def _problemes_de_l_entree(info: zipfile.ZipInfo, nom: str) -> Iterator[Probleme]:
    type_unix = stat.S_IFMT(info.external_attr >> 16)
    if type_unix not in (0, stat.S_IFREG):
        yield probleme(LIEN, f"« {nom} » est un lien, pas un fichier ; le fichier lui-même est attendu.")
    if info.flag_bits & _CHIFFREE or info.compress_type == _AES:
        yield probleme(ENTREE_CHIFFREE, f"« {nom} » est chiffré ; créez l'archive sans mot de passe.")
    elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        methode = _METHODES.get(info.compress_type, f"n° {info.compress_type}")
        yield probleme(
            METHODE,
            f"« {nom} » : méthode de compression non prise en charge ({methode}) ; créez à nouveau l'archive avec le "
            "menu « Compresser » de votre système, ou avec la méthode « Deflate » dans 7-Zip.",
        )
    if info.file_size > SANS_RATIO and info.file_size > RATIO_MAX * max(info.compress_size, 1):
        yield probleme(
            BOMBE,
            f"« {nom} » passerait de {octets(info.compress_size)} à {octets(info.file_size)} une fois "
            "décompressé ; une pièce ordinaire est attendue.",
        )


def _problemes_de_repetition(nom: str, compte: Counter[str]) -> Iterator[Probleme]:
    if compte[cle_de_nom(nom)] > 1:
        yield probleme(
            NOM_REPETE,
            f"plusieurs fichiers se nomment « {lisible(nom)} » ; un seul est attendu.",
        )
