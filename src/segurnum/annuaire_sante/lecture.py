"""The national extract, plain or in its ZIP, read line by line in constant memory (MSS-009).

Only the first two of its 31 columns are looked at: the type of the mailbox and its address. All this runs in a child,
which knows no database: `extraits` hears it.
"""

import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from segurnum.controles.problemes import MO, en_nombre, lisible
from segurnum.controles.refus import Fautes, FichierRefuse
from segurnum.regles.calendrier import PARIS
from segurnum.regles.textes import cle_de_titre

NOMBRE_COLONNES = 31
TITRES = ("Type de BAL", "Adresse BAL")
SEPARATEUR = "|"
TAILLE_MAX = 500 * MO
RATIO_MAX = 100  # of a text to its compressed form; the national file's is under 10
LIGNE_MAX = 16 * 1024  # octets
HORS_COMPTAGE = "CAB"  # known to the national value set, and not financed

_TYPES = frozenset(("APP", "ORG", "PER", HORS_COMPTAGE))
_LOT = 2_000  # lines given at once
_BLOC = 1024 * 1024
_SIGNATURE_ZIP = b"PK\x03\x04"
_CHIFFREE = 0x1
_NOM = re.compile(r"Extraction_Correspondance_MSSante_([0-9]{12})\.(?:txt|zip)", re.IGNORECASE)
DOMAINE = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
# What a COPY would read as something else (tab, backslash, end of line) is in no address.
_ADRESSE = re.compile(rf'(?=.{{6,254}}\Z)[^\s@"(),:;<>\[\]\\\x00-\x1f\x7f]{{1,64}}@{DOMAINE.pattern}')


@dataclass(frozen=True, slots=True)
class Debut:
    """The extract is found. `nom`: that of the text, which its archive may tell."""

    nom: str


@dataclass(frozen=True, slots=True)
class Lot:
    """Lines in the text form of COPY, many at once; and how many octets of how many were read."""

    lignes: bytes
    lus: int
    taille: int


@dataclass(frozen=True, slots=True)
class Fin:
    """What was met, the heading left out of `lignes`; `fautes` are the first of `nombre_fautes` sentences.

    `types_inconnus` and `vides` are lines that count for nothing and refuse nothing; `dites`: the first of the former.
    """

    lignes: int
    hors_comptage: int
    empreinte: str
    fautes: list[str]
    nombre_fautes: int
    types_inconnus: int = 0
    vides: int = 0
    dites: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refus:
    """The extract cannot be read: why, in a French sentence."""

    phrase: str


def lire_extrait(flux: io.BufferedReader, nom: str, taille_max: int) -> Iterator[Debut | Lot | Fin | Refus]:
    """What the extract says, from its beginning to its end or to what stops it."""
    try:
        with ouvrir_texte(flux, nom, taille_max) as texte:
            yield Debut(texte.nom)
            depouillement = Depouillement()
            lignes = (f"{genre}\t{adresse}\n" for genre, adresse in parcourir(texte, depouillement))
            for lot in en_lots(lignes):
                yield Lot(lot, texte.lus, texte.taille)
            yield Fin(
                depouillement.lignes,
                depouillement.hors_comptage,
                texte.empreinte,
                depouillement.fautes.premieres,
                depouillement.fautes.nombre,
                depouillement.inconnus.nombre,
                depouillement.vides,
                depouillement.inconnus.premieres,
            )
    except FichierRefuse as refus:
        yield Refus(str(refus))


def en_lots(lignes: Iterable[str]) -> Iterator[bytes]:
    """Lines of the text form of COPY, which hold no sign that it would escape, many at once."""
    lot: list[str] = []
    for ligne in lignes:
        lot.append(ligne)
        if len(lot) == _LOT:
            yield "".join(lot).encode()
            lot.clear()
    yield "".join(lot).encode()


@dataclass
class Depouillement:
    """What was met so far. `inconnus`: the lines of a type that nobody knows, which are told and not counted."""

    lignes: int = 0
    hors_comptage: int = 0
    vides: int = 0
    fautes: Fautes = field(default_factory=Fautes)
    inconnus: Fautes = field(default_factory=Fautes)


class TypeInconnu(ValueError):
    """A type that is not of the national value set: what it pays is nobody's to guess."""


class Texte(io.RawIOBase):
    """The octets of the extract on their way: counted, bounded, digested."""

    def __init__(self, source: BinaryIO, nom: str, taille: int, taille_max: int) -> None:
        self.source, self.nom, self.taille, self.taille_max = source, nom, taille, taille_max
        self.lus = 0
        self._somme = hashlib.sha256()

    @property
    def empreinte(self) -> str:
        return self._somme.hexdigest()

    def readable(self) -> bool:
        return True

    def readinto(self, tampon: "bytearray | memoryview") -> int:  # type: ignore[override]
        bloc = self.source.read(len(tampon))
        self.lus += len(bloc)
        if self.lus > self.taille_max:
            raise _trop_gros(self.taille_max)
        self._somme.update(bloc)
        tampon[: len(bloc)] = bloc
        return len(bloc)


@contextmanager
def ouvrir_texte(flux: io.BufferedReader, nom: str, taille_max: int) -> Iterator[Texte]:
    """The text of an extract, out of its ZIP if it is in one. Raises FichierRefuse."""
    try:
        if flux.peek(len(_SIGNATURE_ZIP)).startswith(_SIGNATURE_ZIP):
            with _dans_l_archive(flux, nom, taille_max) as texte:
                yield texte
        else:
            yield Texte(flux, nom, os.fstat(flux.fileno()).st_size, taille_max)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as faute:
        raise FichierRefuse(
            f"L'archive « {lisible(nom)} » est tronquée ou abîmée : téléchargez-la de nouveau."
        ) from faute


@contextmanager
def _dans_l_archive(flux: io.BufferedReader, nom: str, taille_max: int) -> Iterator[Texte]:
    with zipfile.ZipFile(flux) as archive:
        membres = [membre for membre in archive.infolist() if not membre.is_dir()]
        if len(membres) != 1:
            raise FichierRefuse(
                f"L'archive « {lisible(nom)} » contient {len(membres)} fichiers : un seul est attendu."
            )
        (membre,) = membres
        if membre.flag_bits & _CHIFFREE:
            raise FichierRefuse(
                "L'archive est protégée par un mot de passe : une archive ordinaire est attendue."
            )
        if membre.file_size > taille_max:
            raise _trop_gros(taille_max)
        if membre.file_size > MO and membre.file_size > RATIO_MAX * max(membre.compress_size, 1):
            raise FichierRefuse(
                "L'archive grossirait démesurément une fois décompressée : ce n'est pas le fichier attendu."
            )
        with archive.open(membre) as source:
            yield Texte(source, membre.filename, membre.file_size, taille_max)  # type: ignore[arg-type]


def _trop_gros(taille_max: int) -> FichierRefuse:
    return FichierRefuse(
        f"Le fichier dépasse {taille_max // MO} Mo, bien plus que ce qui est attendu. Rien n'a été lu au-delà."
    )


def parcourir(texte: Texte, depouillement: Depouillement) -> Iterator[tuple[str, str]]:
    """The type and the address, in small letters, of each line that counts; what is wrong goes to `depouillement`.

    Raises FichierRefuse when the heading is not the extract's: the lines below would mean nothing.
    """
    flux = io.BufferedReader(texte, _BLOC)
    _verifier_titres(flux.readline(LIGNE_MAX))
    rang = 1
    while brute := flux.readline(LIGNE_MAX):
        rang += 1
        depouillement.lignes += 1
        if not brute.strip():
            depouillement.vides += 1
            continue
        try:
            genre, adresse = _lire_ligne(brute)
        except TypeInconnu as inconnu:
            depouillement.inconnus.signaler(rang, str(inconnu))
        except UnicodeDecodeError as faute:
            depouillement.fautes.signaler(
                rang, f"l'octet {faute.start + 1} n'est pas de l'UTF-8, qui est attendu partout."
            )
        except ValueError as faute:
            depouillement.fautes.signaler(rang, str(faute))
            if len(brute) == LIGNE_MAX:
                return  # what follows is the rest of this line
        else:
            if genre == HORS_COMPTAGE:
                depouillement.hors_comptage += 1
            else:
                yield genre, adresse


def _lire_ligne(brute: bytes) -> tuple[str, str]:
    """The first two columns of a line. Raises ValueError (French sentence, or undecodable octets)."""
    if len(brute) == LIGNE_MAX:
        raise ValueError(
            f"elle dépasse {LIGNE_MAX // 1024} Ko ; une ligne ordinaire est attendue. Lecture arrêtée."
        )
    ligne = brute.decode()
    separateurs = ligne.count(SEPARATEUR)
    if separateurs != NOMBRE_COLONNES - 1:
        raise ValueError(
            f"{en_nombre(separateurs + 1, 'colonne')} ; {NOMBRE_COLONNES} sont attendues, "
            f"séparées par « {SEPARATEUR} »."
        )
    genre, adresse, _ = ligne.split(SEPARATEUR, 2)
    if genre not in _TYPES:
        raise TypeInconnu(
            f"le type « {lisible(genre[:20])} » est inconnu ; {', '.join(sorted(_TYPES))} sont attendus."
        )
    adresse = adresse.strip().lower()
    if _ADRESSE.fullmatch(adresse) is None:
        raise ValueError(_phrase_adresse(adresse))
    return genre, adresse


def _phrase_adresse(adresse: str) -> str:
    if not adresse:
        return "l'adresse est vide ; une adresse avec son domaine est attendue."
    # The address may be somebody's: what is wrong is said, and the line is found by its number.
    domaine = adresse.rpartition("@")[2] if "@" in adresse else ""
    if not DOMAINE.fullmatch(domaine):
        return "l'adresse n'a pas de domaine qui se lise ; nom@domaine est attendu."
    return "l'adresse n'est pas de la forme nom@domaine, sans espace ni signe interdit."


def _verifier_titres(entete: bytes) -> None:
    if not entete:
        raise FichierRefuse("Le fichier est vide : aucun octet. Téléchargez-le de nouveau.")
    try:
        texte = entete.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = ""
    if not _sont_les_titres(texte):
        raise FichierRefuse(_autre_codage(entete) or _AUTRES_TITRES)


def _sont_les_titres(texte: str) -> bool:
    titres = [cle_de_titre(titre) for titre in texte.rstrip("\r\n").split(SEPARATEUR)]
    return len(titres) == NOMBRE_COLONNES and titres[:2] == [cle_de_titre(titre) for titre in TITRES]


_AUTRES_TITRES = (
    f"La première ligne n'est pas celle de l'extrait des BAL MSSanté : {NOMBRE_COLONNES} titres séparés par « | » sont "
    f"attendus, à commencer par « {TITRES[0]} » et « {TITRES[1]} »."
)


def _autre_codage(entete: bytes) -> str:
    """Why the right titles do not read as UTF-8; empty when they are not those of an extract either way."""
    if b"\0" in entete:
        nom = "UTF-16"
    elif _sont_les_titres(entete.decode("latin-1")):
        nom = "latin-1 (Windows-1252)"
    else:
        return ""
    return (
        f"Le fichier est enregistré en {nom}, et l'extrait national est en UTF-8 : chargez le fichier tel qu'il est "
        "publié, sans l'enregistrer d'abord avec un autre logiciel."
    )


def instant_du_nom(*noms: str) -> datetime | None:
    """The snapshot's instant that a name of file tells, in Paris; None when none of them does.

    Raises FichierRefuse for a name whose figures are no date.
    """
    for nom in noms:
        if trouve := _NOM.fullmatch(nom.rpartition("/")[2]):
            try:
                lu = datetime.strptime(trouve[1], "%Y%m%d%H%M").replace(tzinfo=PARIS)
            except ValueError:
                raise FichierRefuse(
                    f"Le nom « {lisible(nom)} » dit une date qui n'existe pas : AAAAMMJJhhmm est attendu, ou l'option "
                    "de date."
                ) from None
            return lu.astimezone(UTC)
    return None
