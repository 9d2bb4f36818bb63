"""A CSV file or a workbook of known columns, read in a child: its lines, or why the whole file is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from segurnum.controles.classeurs import lire_classeur
from segurnum.controles.problemes import nombre_fr
from segurnum.controles.refus import FichierRefuse
from segurnum.controles.tableaux import Defaut, Tableau, lire_tableau
from segurnum.isolement.atelier import executer
from segurnum.isolement.refus import ControleImpossible


def lignes_de_la_table(
    flux: BinaryIO | bytes, colonnes: tuple[str, ...], lignes_max: int
) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that says something, with its rank (the titles are line 1). UTF-8, semicolons.

    Raises FichierRefuse.
    """
    yield from _lignes(lambda: executer(lire_tableau, ";", "", lignes_max, flux=flux), colonnes, lignes_max)


def lignes_du_classeur(
    flux: BinaryIO | bytes, colonnes: tuple[str, ...], lignes_max: int
) -> Iterator[tuple[int, list[str]]]:
    """The same of the first sheet of a workbook (.xlsx)."""
    yield from _lignes(lambda: executer(lire_classeur, lignes_max, flux=flux), colonnes, lignes_max)


def _lignes(
    lire: Callable[[], Tableau], colonnes: tuple[str, ...], lignes_max: int
) -> Iterator[tuple[int, list[str]]]:
    try:
        lu = lire()
    except ControleImpossible as refus:
        raise FichierRefuse(str(refus)) from refus
    if faute := _faute(lu, colonnes, lignes_max):
        raise FichierRefuse(faute)
    for rang, cellules in lu.lignes:
        yield rang, [cellule.strip().replace("\x00", "") for cellule in cellules]


def _faute(lu: Tableau, colonnes: tuple[str, ...], lignes_max: int) -> str:
    if lu.defaut is Defaut.CODAGE:
        return f"La ligne {lu.rang} n'est pas en UTF-8 : enregistrez le fichier comme « CSV UTF-8 »."
    if lu.defaut is Defaut.CLASSEUR:
        return "Ce classeur ne se lit pas : enregistrez-le de nouveau au format .xlsx, sans mot de passe."
    if tuple(titre.strip().lower() for titre in lu.titres) != colonnes:
        return f"La première ligne n'est pas « {';'.join(colonnes)} », qui est attendue."
    if lu.defaut is Defaut.LIGNES:
        return f"Le fichier a plus de {nombre_fr(lignes_max)} lignes : partagez-le en plusieurs fichiers."
    if lu.defaut is not None:
        return f"La ligne {lu.rang} ne se lit pas : vérifiez ses guillemets et ses points-virgules."
    return ""
