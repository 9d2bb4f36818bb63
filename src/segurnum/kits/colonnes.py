"""Columns of the commonest kinds, filtered and sorted on the field that they show; what « Filtrer... » looks for."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Expression, QuerySet

from segurnum.base.copies import jour_ecrit
from segurnum.kits.tableau import Colonne, Filtre
from segurnum.regles.cycles import EnumLibelle


def simplifie(texte: str) -> str:
    """Without accents nor case: « decidee » finds « Décidée »."""
    decompose = unicodedata.normalize("NFD", texte)
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre)).casefold()


def contient(champ: str) -> Filtre:
    return lambda lignes, cherche: lignes.filter(**{f"{champ}__icontains": cherche})


def parmi(champ: str, libelles: Callable[[], Iterable[tuple[Any, str]]]) -> Filtre:
    """A column that shows labels: the values whose label contains what is typed."""

    def filtre(lignes: QuerySet[Any], cherche: str) -> QuerySet[Any]:
        valeurs = [valeur for valeur, libelle in libelles() if simplifie(cherche) in simplifie(libelle)]
        return lignes.filter(**{f"{champ}__in": valeurs})

    return filtre


def ecrit(expression: Callable[[], Expression], nettoyer: Callable[[str], str] = str) -> Filtre:
    """A column of dates or amounts: what is typed is looked for in the value as it is written."""
    return lambda lignes, cherche: lignes.alias(ecrit=expression()).filter(ecrit__contains=nettoyer(cherche))


def texte(cle: str, libelle: str, champ: str = "", **options: Any) -> Colonne:
    """A text of the model, looked for by what it contains."""
    champ = champ or cle
    return Colonne(cle, libelle, contient(champ), (champ,), **{"cellule": champ.replace("__", ".")} | options)


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
