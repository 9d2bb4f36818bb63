"""Open an untrusted ZIP: list what it holds, say everything that is wrong, read each entry once.

Nothing is ever written to a path taken from the archive: an entry is only a base name and bytes in memory.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.entrees import BOMBE, Entree, chemin_de, decrire_entrees, octets_du_nom
from segurnum.controles.formats import SIGNATURES, reconnaitre_surement
from segurnum.controles.problemes import MO, Probleme, lisible, nombre_fr, octets, probleme
from segurnum.controles.restes import est_un_reste

TAILLE_MAX = 200 * MO
ENTREES_MAX = 5_000
TOTAL_MAX = 1_000 * MO

PAS_UN_ZIP = declarer(
    "4121",
    "Archive ZIP illisible",
    ERREUR,
    "Le fichier n'est pas une archive ZIP, ou elle est tronquée ou abîmée : des octets ont été perdus ou ajoutés en "
    "route.",
    "Créez à nouveau l'archive, au format ZIP ordinaire (ni RAR, ni 7z, ni archive auto-extractible).",
)
ZIP_VIDE = declarer(
    "4122",
    "Archive ZIP vide",
    ERREUR,
    "L'archive ne contient aucun fichier, en dehors des dossiers et des restes que les logiciels laissent d'eux-mêmes.",
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
INCOHERENT = declarer(
    "4126",
    "Archive ZIP incohérente",
    ERREUR,
    "Les en-têtes de l'archive se contredisent : fichiers qui se chevauchent, noms ou méthodes différents.",
    "Créez à nouveau l'archive avec l'outil de votre système.",
)
ENTREE_ABIMEE = declarer(
    "4131",
    "Fichier abîmé dans l'archive",
    ERREUR,
    "Le fichier ne se décompresse pas, ou sa taille ou sa somme de contrôle n'est pas celle annoncée.",
    "Créez à nouveau l'archive et déposez-la à nouveau.",
)

_SOMMAIRE_MAX = 2 * MO
_SANS_SOMMAIRE = {
    True: "l'archive ZIP est tronquée ou abîmée ; son sommaire est illisible.",
    False: "le fichier déposé n'est pas une archive ZIP ; un fichier .zip qui s'ouvre est attendu.",
}
_DECOUPEE = (
    "le fichier déposé n'est qu'une partie d'une archive découpée en plusieurs fichiers ; créez une seule archive, "
    "sans la découper."
)
_ENTREE = b"PK\x03\x04"
_FIN_DU_SOMMAIRE = b"PK\x05\x06"
_MARQUE_DE_DECOUPAGE = b"PK\x07\x08"
_ENTREE_DU_SOMMAIRE = b"PK\x01\x02"
_TETE = 4096  # octets
_BLOC = 256 * 1024
_ENTETE_LOCAL = struct.Struct("<4s5H3L2H")
_FIN = struct.Struct("<4sH16x")
_UTF8 = 0x800
_CHIFFREE = 0x1


class ArchiveRefusee(ValueError):
    """The archive as a whole cannot be used; `problemes` says why."""

    def __init__(self, *problemes: Probleme) -> None:
        super().__init__(" ".join(phrase for _, phrase in problemes))
        self.problemes = list(problemes)


@dataclass(frozen=True, slots=True)
class Contenu:
    """One entry read in full: bytes at offset 0, SHA-256 in hexadecimal, size in octets."""

    flux: BytesIO
    sha256: str
    taille: int


class Archive:
    """A ZIP whose structure is sound. Raises ArchiveRefusee with French sentences otherwise.

    `entrees` are its files; `ignores` the paths of those that a program left there by itself.
    """

    def __init__(self, flux: BinaryIO, taille: int, taille_max: int = TAILLE_MAX) -> None:
        if taille > taille_max:
            raise ArchiveRefusee(
                probleme(
                    ZIP_TROP_GROS,
                    f"l'archive pèse {octets(taille)} ; elle ne doit pas dépasser {taille_max // MO} Mo "
                    f"({octets(taille_max)}).",
                )
            )
        self._zip = _ouvrir(flux)
        infos = self._zip.infolist()
        _verifier_nombre(infos)
        chemins = [(info, chemin_de(info)) for info in infos]
        fichiers = [(info, chemin) for info, chemin in chemins if not chemin.endswith("/")]
        utiles = [(info, chemin) for info, chemin in fichiers if not est_un_reste(chemin)]
        _verifier_total([info for info, _ in utiles])
        _verifier_disposition(flux, taille, self._zip)
        self.ignores = [chemin for _, chemin in fichiers if est_un_reste(chemin)]
        self.entrees = decrire_entrees(utiles)

    def lire(self, entree: Entree) -> Contenu:
        """The bytes of one entry, read once; ArchiveRefusee when size or CRC is not what is announced."""
        flux, empreinte = BytesIO(), hashlib.sha256()
        try:
            with self._zip.open(entree.info) as source:
                while bloc := source.read(_BLOC):
                    empreinte.update(bloc)
                    flux.write(bloc)
        except MemoryError:  # it says nothing of the archive's soundness
            raise
        except Exception as erreur:  # damaged data make the zip module fail in many ways
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
        if nombre > _SOMMAIRE_MAX:
            raise ArchiveRefusee(_trop_d_entrees())
        lus = self._flux.read(nombre if nombre >= 0 else _SOMMAIRE_MAX)
        # The directory comes in one read: its entries are counted before an object is made of each.
        if lus.startswith(_ENTREE_DU_SOMMAIRE) and lus.count(_ENTREE_DU_SOMMAIRE) > ENTREES_MAX:
            raise ArchiveRefusee(_trop_d_entrees())
        return lus

    def seek(self, place: int, depuis: int = 0) -> int:
        return self._flux.seek(place, depuis)

    def tell(self) -> int:
        return self._flux.tell()

    def seekable(self) -> bool:
        return True


def _ouvrir(flux: BinaryIO) -> zipfile.ZipFile:
    flux.seek(0)
    tete = flux.read(_TETE)
    if not tete:
        raise ArchiveRefusee(probleme(ZIP_VIDE, "le fichier déposé est vide ; déposez le ZIP des pièces."))
    autre = None if tete.startswith(SIGNATURES["zip"]) else reconnaitre_surement(tete)
    if autre:
        raise ArchiveRefusee(
            probleme(
                PAS_UN_ZIP,
                f"le fichier déposé est {autre.nom}, pas une archive ZIP ; un fichier .zip qui s'ouvre est attendu.",
            )
        )
    if _derniere_partie(flux):
        raise ArchiveRefusee(probleme(PAS_UN_ZIP, _DECOUPEE))
    try:
        archive = zipfile.ZipFile(_LectureBornee(flux))
    except (ArchiveRefusee, MemoryError):
        raise
    except Exception as erreur:  # damaged headers make the zip module fail in many ways
        phrase = (
            _DECOUPEE if tete.startswith(_MARQUE_DE_DECOUPAGE) else _SANS_SOMMAIRE[tete.startswith(b"PK")]
        )
        raise ArchiveRefusee(probleme(PAS_UN_ZIP, phrase)) from erreur
    return archive


def _derniere_partie(flux: BinaryIO) -> bool:
    """True when the file ends with the table of an archive that was cut into several: its number is not zero."""
    flux.seek(-min(flux.seek(0, os.SEEK_END), _FIN.size), os.SEEK_END)
    fin = flux.read()
    return (
        len(fin) == _FIN.size and _FIN.unpack(fin)[0] == _FIN_DU_SOMMAIRE and 0 < _FIN.unpack(fin)[1] < 0xFFFF
    )


def _verifier_nombre(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > ENTREES_MAX:
        raise ArchiveRefusee(_trop_d_entrees())


def _verifier_total(infos: list[zipfile.ZipInfo]) -> None:
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


def _verifier_disposition(flux: BinaryIO, taille: int, archive: zipfile.ZipFile) -> None:
    """Every entry has its own bytes, and its local header agrees with the central one."""
    fin_precedente = 0
    for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
        if not 0 <= info.header_offset < taille:
            raise ArchiveRefusee(_decalee())
        if info.header_offset < fin_precedente:
            raise ArchiveRefusee(_incoherente())
        flux.seek(info.header_offset)
        entete = flux.read(_ENTETE_LOCAL.size)
        if len(entete) < _ENTETE_LOCAL.size or not entete.startswith(_ENTREE):
            raise ArchiveRefusee(_decalee())
        _, _, drapeaux, methode, *_, longueur_nom, longueur_extra = _ENTETE_LOCAL.unpack(entete)
        accord = methode == info.compress_type and not (drapeaux ^ info.flag_bits) & (_CHIFFREE | _UTF8)
        if not accord or flux.read(longueur_nom) != octets_du_nom(info):
            raise ArchiveRefusee(_incoherente())
        debut = info.header_offset + _ENTETE_LOCAL.size + longueur_nom + longueur_extra
        fin_precedente = debut + info.compress_size
    if fin_precedente > archive.start_dir:
        raise ArchiveRefusee(_incoherente())


def _abimee(entree: Entree) -> Probleme:
    return probleme(
        ENTREE_ABIMEE,
        f"« {lisible(entree.nom)} » est abîmé : son contenu n'est pas celui que l'archive annonce ; "
        "créez à nouveau l'archive.",
    )


def _decalee() -> Probleme:
    return probleme(
        PAS_UN_ZIP,
        "l'archive ZIP est abîmée : ses fichiers ne sont pas là où son sommaire les annonce, des octets ont été perdus "
        "ou ajoutés en route ; créez à nouveau l'archive et déposez-la à nouveau.",
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
