"""Workbooks written row after row, whatever their length. Texts stay texts: no zero is lost, nothing is computed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from segurnum.editique.tableur import Cellule
from segurnum.regles.calendrier import jour_de_paris

LIGNES_MAX = 1_000_000  # of a sheet: its format has 1 048 576
LARGEUR = 22  # characters
CHIFFRES_MAX = 15  # that a spreadsheet computes with exactly


def _feuille(classeur: Workbook, titres: Sequence[str], gras: Format) -> Worksheet:
    feuille = classeur.add_worksheet()
    feuille.set_column(0, len(titres) - 1, LARGEUR)
    feuille.freeze_panes(1, 0)
    for place, titre in enumerate(titres):
        feuille.write_string(0, place, titre, gras)
    return feuille


def ecrire_classeur(
    flux: BinaryIO, titres: Sequence[str], rangees: Iterable[Sequence[Cellule]], *, dossier: str | None = None
) -> None:
    """Write them into `flux`; rows pass by a file of `dossier`, none is kept in memory."""
    options = {
        "constant_memory": True,
        "tmpdir": dossier,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    classeur = Workbook(flux, options)
    classeur.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
    texte = classeur.add_format({"num_format": "@"})
    gras = classeur.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"})
    jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
    montant = classeur.add_format({"num_format": "#,##0.00"})
    feuille, rang = None, LIGNES_MAX
    for rangee in rangees:
        if feuille is None or rang > LIGNES_MAX:
            feuille, rang = _feuille(classeur, titres, gras), 1
        for place, cellule in enumerate(rangee):
            if cellule is None or cellule == "":
                continue
            if isinstance(cellule, Decimal) and len(cellule.as_tuple().digits) <= CHIFFRES_MAX:
                feuille.write_number(rang, place, float(cellule), montant)
            elif isinstance(cellule, date):
                lu = jour_de_paris(cellule)
                feuille.write_datetime(rang, place, datetime(lu.year, lu.month, lu.day), jour)
            else:
                feuille.write_string(rang, place, str(cellule), texte)
        rang += 1
    if feuille is None:
        _feuille(classeur, titres, gras)
    classeur.close()
