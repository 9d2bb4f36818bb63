"""Columns of the commonest kinds: filtered and sorted on the field that they show."""

from collections.abc import Callable, Iterable
from typing import Any

from segurnum.regles.cycles import EnumLibelle
from segurnum.web.kits.filtres import contient, ecrit, jour_ecrit, parmi
from segurnum.web.kits.tableau import Colonne


def texte(cle: str, libelle: str, champ: str = "", **options: Any) -> Colonne:
    champ = champ or cle
    return Colonne(cle, libelle, contient(champ), (champ,), cellule=champ.replace("__", "."), **options)


def jour(cle: str, libelle: str, champ: str) -> Colonne:
    """An instant, as the day of Paris."""
    return Colonne(cle, libelle, ecrit(jour_ecrit(champ)), (champ,), cellule=f"{champ}|jour")


def choix(
    cle: str, libelle: str, champ: str, libelles: Callable[[], Iterable[tuple[Any, str]]], cellule: str = ""
) -> Colonne:
    """One value of several, looked for by its label."""
    return Colonne(cle, libelle, parmi(champ, libelles), (champ,), cellule=cellule or champ)


def enumere(cle: str, libelle: str, champ: str, enum: Iterable[EnumLibelle], cellule: str = "") -> Colonne:
    """One value of an enum whose label is the screen's text."""
    return choix(cle, libelle, champ, lambda: ((un.value, un.libelle) for un in enum), cellule)
