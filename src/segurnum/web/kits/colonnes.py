"""Columns of the commonest kinds: filtered and sorted on the field that they show. `options` are those of `Colonne`."""

from collections.abc import Callable, Iterable
from typing import Any

from segurnum.regles.cycles import EnumLibelle
from segurnum.web.kits.filtres import FUSEAU, contient, ecrit, jour_ecrit, parmi
from segurnum.web.kits.tableau import Colonne


def texte(cle: str, libelle: str, champ: str = "", **options: Any) -> Colonne:
    champ = champ or cle
    montre = {"cellule": champ.replace("__", ".")} | options
    return Colonne(cle, libelle, contient(champ), (champ,), **montre)


def jour(cle: str, libelle: str, champ: str, *, fuseau: str = FUSEAU, **options: Any) -> Colonne:
    """An instant, as the day of Paris; a plain date with an empty `fuseau`."""
    filtre = ecrit(jour_ecrit(champ, fuseau=fuseau))
    return Colonne(cle, libelle, filtre, (champ,), cellule=f"{champ}|jour", **options)


def choix(
    cle: str,
    libelle: str,
    champ: str,
    libelles: Callable[[], Iterable[tuple[Any, str]]],
    cellule: str = "",
) -> Colonne:
    """One value of several, looked for by its label."""
    return Colonne(cle, libelle, parmi(champ, libelles), (champ,), cellule=cellule or champ)


def propose(cle: str, libelle: str, valeurs: Iterable[tuple[Any, str]], cellule: str = "") -> Colonne:
    """One of the choices of the model's own field, shown by its label."""
    return choix(cle, libelle, cle, lambda: valeurs, cellule or f"get_{cle}_display")


def enumere(cle: str, libelle: str, champ: str, enum: Iterable[EnumLibelle], cellule: str = "") -> Colonne:
    """One value of an enum whose label is the screen's text."""
    return choix(cle, libelle, champ, lambda: ((un.value, un.libelle) for un in enum), cellule)
