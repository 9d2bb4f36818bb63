"""Open an untrusted ZIP: list what it holds, say everything that is wrong, read each entry once.

Nothing is ever written to a path taken from the archive: an entry is only a base name and bytes in memory.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.problemes import MO, Probleme, lisible, nombre_fr, octets, probleme

TAILLE_MAX = 200 * MO
ENTREES_MAX = 5_000
TOTAL_MAX = 1_000 * MO
RATIO_MAX = 100

PAS_UN_ZIP = declarer(
    "4121",
    "Archive ZIP illisible",
    ERREUR,
    "Le fichier n'est pas une archive ZIP, ou elle est tronquée ou abîmée.",
    "Créez à nouveau l'archive, au format ZIP ordinaire (ni RAR, ni 7z).",
)
ZIP_VIDE = declarer(
    "4122",
    "Archive ZIP vide",
    ERREUR,
    "L'archive ne contient aucun fichier, en dehors des dossiers et des restes de macOS ou Windows.",
    "Ajoutez à l'archive toutes les pièces annoncées.",
)
ZIP_TROP_GROS = declarer(
    "4123",
    "Archive ZIP trop volumineuse",
    ERREUR,
    "L'archive dépasse 200 Mo (209 715 200 octets), limite comprise.",
    "Réduisez les pièces, ou complétez les demandes une à une avec plusieurs archives.",
)
TROP_D_ENTREES = declarer(
    "4124",
    "Trop de fichiers dans l'archive",
    ERREUR,
    "L'archive annonce plus de 5 000 fichiers, bien plus que 200 demandes n'en réclament.",
    "Ne gardez que les pièces annoncées dans le fichier JSON.",
)
BOMBE = declarer(
    "4125",
    "Taille décompressée anormale",
    ERREUR,
    "L'archive ou un de ses fichiers grossirait démesurément une fois décompressé.",
    "Créez à nouveau l'archive à partir des pièces d'origine.",
)
INCOHERENT = declarer(
    "4126",
    "Archive ZIP incohérente",
    ERREUR,
    "Les en-têtes de l'archive se contredisent : fichiers qui se chevauchent, noms ou méthodes différents.",
    "Créez à nouveau l'archive avec l'outil de votre système.",
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
    "Le chemin est absolu, remonte par « .. », porte une lettre de lecteur, une barre oblique inverse ou un "
    "caractère invisible.",
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
ENTREE_ABIMEE = declarer(
    "4131",
    "Fichier abîmé dans l'archive",
    ERREUR,
    "Le fichier ne se décompresse pas, ou sa taille ou sa somme de contrôle n'est pas celle annoncée.",
    "Créez à nouveau l'archive et déposez-la à nouveau.",
)

_RESTES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_LECTEUR = re.compile(r"[A-Za-z]:")
_LECTURE_MAX = 4 * MO
_BLOC = 256 * 1024
_ENTETE_LOCAL = struct.Struct("<4s5H3L2H")
_UTF8 = 0x800
_CHIFFREE = 0x1
_ERREURS_DE_LECTURE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class ArchiveRefusee(ValueError):
    """The archive as a whole cannot be used; `problemes` says why."""

    def __init__(self, *problemes: Probleme) -> None:
        super().__init__(" ".join(phrase for _, phrase in problemes))
        self.problemes = list(problemes)


@dataclass(frozen=True, slots=True)
class Entree:
    """One file of the archive: its base name, its sizes in octets, what is wrong before reading it."""

    nom: str
    taille: int
    compressee: int
    info: zipfile.ZipInfo
    problemes: list[Probleme] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contenu:
    """One entry read in full: bytes at offset 0, SHA-256 in hexadecimal, size in octets."""

    flux: BytesIO
    sha256: str
    taille: int


class Archive:
    """A ZIP whose structure is sound. Raises ArchiveRefusee with French sentences otherwise."""

    def __init__(self, flux: BinaryIO, taille: int, taille_max: int = TAILLE_MAX) -> None:
        if taille > taille_max:
            raise ArchiveRefusee(
                probleme(
                    ZIP_TROP_GROS,
                    f"l'archive pèse {octets(taille)} ; elle ne doit pas dépasser {taille_max // MO} Mo "
                    f"({octets(taille_max)}).",
                )
            )
        self._flux = flux
        self._zip = _ouvrir(flux)
        infos = [info for info in self._zip.infolist() if not _a_ignorer(info)]
        _verifier_total(self._zip, infos)
        _verifier_disposition(flux, self._zip)
        self.entrees = _entrees(infos)

    def lire(self, entree: Entree) -> Contenu:
        """The bytes of one entry, read once; ArchiveRefusee when size or CRC is not what is announced."""
        flux, empreinte = BytesIO(), hashlib.sha256()
        try:
            with self._zip.open(entree.info) as source:
                while bloc := source.read(_BLOC):
                    empreinte.update(bloc)
                    flux.write(bloc)
        except _ERREURS_DE_LECTURE as erreur:
            raise ArchiveRefusee(_abimee(entree)) from erreur
        if flux.tell() != entree.taille:
            raise ArchiveRefusee(_abimee(entree))
        flux.seek(0)
        return Contenu(flux, empreinte.hexdigest(), entree.taille)


def problemes_de_structure(flux: BinaryIO, taille: int) -> list[Probleme]:
    """What is wrong with an archive, entries included, without reading their contents."""
    try:
        entrees = Archive(flux, taille).entrees
    except ArchiveRefusee as refus:
        return refus.problemes
    return [p for entree in entrees for p in entree.problemes]


class _LectureBornee:
    """The file as the zip module sees it: a huge central directory is never loaded in one read."""

    def __init__(self, flux: BinaryIO) -> None:
        self._flux = flux

    def read(self, nombre: int = -1) -> bytes:
        if nombre > _LECTURE_MAX:
            raise ArchiveRefusee(_trop_d_entrees())
        return self._flux.read(nombre if nombre >= 0 else _LECTURE_MAX)

    def seek(self, place: int, depuis: int = 0) -> int:
        return self._flux.seek(place, depuis)

    def tell(self) -> int:
        return self._flux.tell()

    def seekable(self) -> bool:
        return True


def _ouvrir(flux: BinaryIO) -> zipfile.ZipFile:
    flux.seek(0)
    tete = flux.read(4)
    if not tete:
        raise ArchiveRefusee(probleme(ZIP_VIDE, "le fichier déposé est vide ; déposez le ZIP des pièces."))
    if not tete.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise ArchiveRefusee(
            probleme(
                PAS_UN_ZIP,
                "le fichier déposé n'est pas une archive ZIP ; un fichier .zip qui s'ouvre est attendu.",
            )
        )
    try:
        archive = zipfile.ZipFile(_LectureBornee(flux))
    except ArchiveRefusee:
        raise
    except Exception as erreur:  # damaged headers make the zip module fail in many ways
        raise ArchiveRefusee(
            probleme(PAS_UN_ZIP, "l'archive ZIP est tronquée ou abîmée ; son sommaire est illisible.")
        ) from erreur
    return archive


def _verifier_total(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    if len(archive.infolist()) > ENTREES_MAX:
        raise ArchiveRefusee(_trop_d_entrees())
    if not infos:
        raise ArchiveRefusee(probleme(ZIP_VIDE, "l'archive ne contient aucun fichier ; déposez les pièces."))
    total = sum(info.file_size for info in infos)
    if total > TOTAL_MAX:
        raise ArchiveRefusee(
            probleme(
                BOMBE,
                f"l'archive occuperait {octets(total)} une fois décompressée ; {TOTAL_MAX // MO} Mo au plus "
                "sont acceptés.",
            )
        )


def _verifier_disposition(flux: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Every entry has its own bytes, and its local header agrees with the central one."""
    fin_precedente = 0
    for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
        flux.seek(info.header_offset)
        entete = flux.read(_ENTETE_LOCAL.size)
        if len(entete) < _ENTETE_LOCAL.size or info.header_offset < fin_precedente:
            raise ArchiveRefusee(_incoherente())
        magie, _, drapeaux, methode, *_, longueur_nom, longueur_extra = _ENTETE_LOCAL.unpack(entete)
        accord = magie == b"PK\x03\x04" and methode == info.compress_type
        if not accord or (drapeaux ^ info.flag_bits) & (_CHIFFREE | _UTF8):
            raise ArchiveRefusee(_incoherente())
        if flux.read(longueur_nom) != _octets_du_nom(info):
            raise ArchiveRefusee(_incoherente())
        debut = info.header_offset + _ENTETE_LOCAL.size + longueur_nom + longueur_extra
        fin_precedente = debut + info.compress_size
    if fin_precedente > archive.start_dir:
        raise ArchiveRefusee(_incoherente())


def _octets_du_nom(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _a_ignorer(info: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS and Windows add by themselves."""
    parties = info.orig_filename.split("/")
    nom = parties[-1]
    return not nom or "__MACOSX" in parties[:-1] or nom.casefold() in _RESTES or nom.startswith("._")


def _entrees(infos: list[zipfile.ZipInfo]) -> list[Entree]:
    chemins = [_chemin(info) for info in infos]
    noms = [re.split(r"[/\\]", chemin)[-1] for chemin in chemins]
    compte = Counter(cle_de_nom(nom) for nom in noms)
    return [
        Entree(
            nom=nom,
            taille=info.file_size,
            compressee=info.compress_size,
            info=info,
            problemes=[
                *_problemes_du_chemin(chemin),
                *_problemes_de_l_entree(info, nom),
                *_problemes_de_repetition(nom, compte),
            ],
        )
        for info, chemin, nom in zip(infos, chemins, noms, strict=True)
    ]


def cle_de_nom(nom: str) -> str:
    """Two names with one key are the same name: letter case and Unicode composition are ignored."""
    return unicodedata.normalize("NFC", nom).casefold()


def _chemin(info: zipfile.ZipInfo) -> str:
    """The entry's path; names without the UTF-8 flag are tried as UTF-8, then as DOS Western (cp850)."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    brut = _octets_du_nom(info)
    try:
        return brut.decode("utf-8")
    except UnicodeDecodeError:
        return brut.decode("cp850")


def _problemes_du_chemin(chemin: str) -> Iterator[Probleme]:
    if (
        chemin.startswith("/")
        or _LECTEUR.match(chemin)
        or "\\" in chemin
        or ".." in chemin.split("/")
        or any(unicodedata.category(c)[0] == "C" for c in chemin)
    ):
        yield probleme(
            CHEMIN_INTERDIT,
            f"le chemin « {lisible(chemin)} » est interdit ; un simple nom de fichier est attendu.",
        )


def _problemes_de_l_entree(info: zipfile.ZipInfo, nom: str) -> Iterator[Probleme]:
    nom = lisible(nom)
    type_unix = stat.S_IFMT(info.external_attr >> 16)
    if type_unix not in (0, stat.S_IFREG):
        yield probleme(LIEN, f"« {nom} » est un lien, pas un fichier ; le fichier lui-même est attendu.")
    if info.flag_bits & _CHIFFREE:
        yield probleme(ENTREE_CHIFFREE, f"« {nom} » est chiffré ; créez l'archive sans mot de passe.")
    if info.file_size > MO and info.file_size > RATIO_MAX * max(info.compress_size, 1):
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


def _abimee(entree: Entree) -> Probleme:
    return probleme(
        ENTREE_ABIMEE,
        f"« {lisible(entree.nom)} » est abîmé : son contenu n'est pas celui que l'archive annonce ; "
        "créez à nouveau l'archive.",
    )


def _incoherente() -> Probleme:
    return probleme(
        INCOHERENT,
        "l'archive ZIP est incohérente : ses en-têtes se contredisent ou ses fichiers se chevauchent ; "
        "créez à nouveau l'archive.",
    )


def _trop_d_entrees() -> Probleme:
    return probleme(
        TROP_D_ENTREES,
        f"l'archive contient trop de fichiers ; {nombre_fr(ENTREES_MAX)} au plus sont acceptés.",
    )
