"""The octets of a spreadsheet as sheets of cells: XLSX and ODS by calamine, CSV by the standard library.

What each costs is bounded by the child that reads it, and before by what the archive says of itself.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from segurnum.controles.problemes import MO, en_nombre, mo, nombre_fr
from segurnum.tableurs.cellules import VIDE, Cellule
from segurnum.tableurs.formules import Formules, formules

TAILLE_MAX = 5 * MO
DEPLIE_MAX = 60 * MO
LIGNES_MAX = 20_000
COLONNES_MAX = 500
SECOURS = "cp1252"  # what a French Windows writes

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHIFFRE = "EncryptedPackage".encode("utf-16-le")
_AUTRES = (
    (b"%PDF", "un document PDF"),
    (b"{\\rtf", "un document RTF"),
    (b"<", "une page HTML ou un document XML"),
)
_ENREGISTRER = "ouvrez-le dans votre tableur et enregistrez-le au format .xlsx, .ods ou .csv"
_SEPARATEURS = ";\t,"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class TableurRefuse(ValueError):
    """The file is no spreadsheet that can be read; the sentence, in French, says why and what to do."""


@dataclass
class Feuille:
    """One sheet: its rows from the first of the sheet on, blank cells being "".

    `fusions`: merged ranges as (first row, first column, last row, last column), from 0. `notes`: sentences on how it
    was read. `demesure`: why it has no rows, when it is too large for any to be read.
    """

    nom: str
    lignes: list[list[Cellule]]
    visible: bool = True
    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)
    formules: Formules = field(default_factory=Formules)
    notes: list[str] = field(default_factory=list)
    demesure: str = ""


def feuilles(flux: BinaryIO) -> Iterator[Feuille]:
    """The sheets of a file, one after the other, in their order. Raises TableurRefuse."""
    octets = flux.read(TAILLE_MAX + 1)
    if len(octets) > TAILLE_MAX:
        raise TableurRefuse(
            f"Le fichier dépasse {mo(TAILLE_MAX)} : partagez les demandes entre plusieurs fichiers."
        )
    if not octets.strip(b"\xef\xbb\xbf \r\n\t\x00"):
        raise TableurRefuse("Le fichier est vide.")
    if octets.startswith(b"PK"):
        yield from _classeur(octets)
    else:
        yield _texte(octets)


def _classeur(octets: bytes) -> Iterator[Feuille]:
    with _archive(octets) as archive:
        _juger_l_archive(archive)
        try:
            classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
        except PasswordError as refus:
            raise TableurRefuse(_PROTEGE) from refus
        except (CalamineError, OSError, ValueError) as faute:
            raise TableurRefuse(f"Le classeur est abîmé : {_ENREGISTRER}.") from faute
        for rang, donnees in enumerate(classeur.sheets_metadata):
            try:
                feuille = _cellules(classeur.get_sheet_by_index(rang))
            except (CalamineError, OSError, ValueError):
                continue  # a chart, a macro
            feuille.visible = donnees.visible == SheetVisibleEnum.Visible
            feuille.formules = formules(archive, feuille.nom)
            yield feuille


_PROTEGE = "Le classeur est protégé par un mot de passe : enregistrez-en une copie sans mot de passe."


def _archive(octets: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(octets))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as faute:
        raise TableurRefuse(f"Le classeur est abîmé ou incomplet : {_ENREGISTRER}.") from faute


def _juger_l_archive(archive: zipfile.ZipFile) -> None:
    """What the table of the archive says: which kind of file it is, and how much it holds."""
    noms = set(archive.namelist())
    deplie = sum(entree.file_size for entree in archive.infolist())
    if deplie > DEPLIE_MAX:
        raise TableurRefuse(
            f"Le classeur compte {nombre_fr(deplie // MO)} Mo de cellules une fois décompressé, {mo(DEPLIE_MAX)} "
            "au plus sont lus : supprimez les lignes et les colonnes vides qui sont mises en forme, puis "
            "enregistrez-le de nouveau."
        )
    if "xl/workbook.bin" in noms:
        raise TableurRefuse("Le classeur est au format .xlsb : enregistrez-le au format .xlsx.")
    if "xl/workbook.xml" in noms:
        return
    try:
        if "mimetype" not in noms or archive.read("mimetype").strip() != _ODS:
            raise TableurRefuse(f"Le fichier est une archive, pas un classeur : {_ENREGISTRER}.")
        if "META-INF/manifest.xml" in noms and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise TableurRefuse(_PROTEGE)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as faute:
        raise TableurRefuse(_PROTEGE) from faute


def _cellules(feuille: CalamineSheet) -> Feuille:
    haut, large = (rang + 1 for rang in feuille.end or (-1, -1))
    if haut > LIGNES_MAX or large > COLONNES_MAX:
        etendue = f"{en_nombre(haut, 'ligne')} et {en_nombre(large, 'colonne')}"
        phrase = (
            f"La feuille « {feuille.name} » s'étend sur {etendue} : {nombre_fr(LIGNES_MAX)} lignes et {COLONNES_MAX} "
            "colonnes au plus sont lues. Supprimez celles qui sont loin des autres."
        )
        return Feuille(feuille.name, [], demesure=phrase)
    fusions = [(*debut, *fin) for debut, fin in feuille.merged_cell_ranges or ()]
    return Feuille(feuille.name, feuille.to_python(skip_empty_area=False), fusions=fusions)


def _texte(octets: bytes) -> Feuille:
    if octets.startswith(_OLE):
        if _CHIFFRE in octets:
            raise TableurRefuse(_PROTEGE)
        raise TableurRefuse(
            "Le classeur est à l'ancien format .xls : enregistrez-le au format .xlsx (« Classeur Excel »)."
        )
    debut = octets[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    for signature, quoi in _AUTRES:
        if debut.startswith(signature):
            raise TableurRefuse(
                f"Quel que soit son nom, le fichier est {quoi}, pas un tableur : {_ENREGISTRER}."
            )
    if debut[:1] in (b"{", b"["):
        raise TableurRefuse("Le fichier est déjà un fichier JSON : simulez-le tel quel, sans le convertir.")
    texte, notes = _decoder(octets)
    if "\x00" in texte:
        raise TableurRefuse(f"Le fichier n'est pas un tableur : {_ENREGISTRER}.")
    lignes = list(_lignes(texte))
    largeur = max(map(len, lignes), default=0)
    return Feuille("", [ligne + [VIDE] * (largeur - len(ligne)) for ligne in lignes], notes=notes)


def _decoder(octets: bytes) -> tuple[str, list[str]]:
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return octets.decode("utf-16", "replace"), ["Le fichier est en UTF-16 : il a été lu ainsi."]
    try:
        return octets.decode("utf-8-sig"), []
    except UnicodeDecodeError as faute:
        ligne = octets.count(b"\n", 0, faute.start) + 1
        note = (
            f"Le fichier n'est pas en UTF-8 (ligne {ligne}) : il a été lu en latin-1 (Windows-1252). Vérifiez les "
            "lettres accentuées."
        )
        return octets.decode(SECOURS, "replace"), [note]


def _lignes(texte: str) -> Iterator[list[Cellule]]:
    """The rows, blank ones included so that ranks are those of the sheet. The separator is that of the first lines."""
    debut = texte[:4_000]
    separateur = max(_SEPARATEURS, key=debut.count)
    lecture = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    try:
        for rang, ligne in enumerate(lecture, 1):
            if rang > LIGNES_MAX or len(ligne) > COLONNES_MAX:
                raise TableurRefuse(
                    f"Le fichier s'étend sur plus de {nombre_fr(LIGNES_MAX)} lignes ou de {COLONNES_MAX} colonnes : "
                    "partagez-le, ou retirez les colonnes vides."
                )
            yield [_sans_apostrophe(cellule) for cellule in ligne] or [VIDE]
    except csv.Error as faute:
        raise TableurRefuse(
            f"La ligne {lecture.line_num} ne se lit pas : vérifiez ses guillemets et ses séparateurs."
        ) from faute


_NEUTRALISE = re.compile(r"'(?=\s*[=+\-@])")


def _sans_apostrophe(cellule: str) -> str:
    """An apostrophe before a sign that spreadsheets compute was put there by who wrote the file."""
    return _NEUTRALISE.sub("", cellule, count=1) if cellule.startswith("'") else cellule


_ZONE = re.compile(rb'<dimension ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


def zone_lue(flux: BinaryIO) -> str:
    """Why a workbook asked for too much work, by what its sheets say of themselves; empty when they do not tell."""
    try:
        with zipfile.ZipFile(flux) as archive:
            for nom in archive.namelist():
                if nom.startswith("xl/worksheets/") and nom.endswith(".xml"):
                    with archive.open(nom) as partie:
                        zone = _ZONE.search(partie.read(4_096))
                    if zone is not None:
                        return (
                            f"Une feuille s'étend sur toute la zone {zone[1].decode()} : supprimez les lignes et "
                            "les colonnes qui sont loin des autres, puis enregistrez le classeur de nouveau."
                        )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
        return ""
    return ""
