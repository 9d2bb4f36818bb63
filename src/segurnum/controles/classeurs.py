"""The first sheet of a workbook as the cells of a table, each as people write it. What they mean is not known here."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from segurnum.controles.tableaux import CELLULES_MAX, Defaut, Tableau


def lire_classeur(flux: BinaryIO, lignes_max: int) -> Tableau:
    """As `tableaux.lire_tableau`; a line that its author left short is as long as the titles."""
    try:
        classeur = CalamineWorkbook.from_filelike(BytesIO(flux.read()))
        brutes = classeur.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        return Tableau([], [], Defaut.CLASSEUR)
    toutes = [[_ecrire(cellule) for cellule in brute[:CELLULES_MAX]] for brute in brutes]
    titres = _sans_fin_vide(toutes[0]) if toutes else []
    lignes: list[tuple[int, list[str]]] = []
    for rang, cellules in enumerate(toutes[1:], start=2):
        if any(cellules):
            if len(lignes) == lignes_max:
                return Tableau(titres, lignes, Defaut.LIGNES, rang)
            utiles = _sans_fin_vide(cellules)
            lignes.append((rang, utiles + [""] * (len(titres) - len(utiles))))
    return Tableau(titres, lignes)


def _sans_fin_vide(cellules: list[str]) -> list[str]:
    while cellules and not cellules[-1]:
        cellules = cellules[:-1]
    return cellules


def _ecrire(cellule: Any) -> str:
    """Days and hours the French way, whole numbers without a point."""
    match cellule:
        case datetime():
            return f"{cellule:%d/%m/%Y %H:%M}" if cellule.time() != time() else f"{cellule:%d/%m/%Y}"
        case date():
            return f"{cellule:%d/%m/%Y}"
        case float() if cellule.is_integer():
            return str(int(cellule))
        case _:
            return str(cellule).strip()
