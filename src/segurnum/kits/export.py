"""The file of a list, for a spreadsheet: the columns that its screen has, so that the two never differ."""

import html
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.template import Context, Variable
from django.utils.html import strip_tags

from segurnum.editique.tableur import LOT, Cellule, en_octets
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.templatetags.kits import gabarit
from segurnum.regles.cycles import EnumLibelle


def en_csv(colonnes: Iterable[Colonne], lignes: Iterable[Any]) -> Iterator[bytes]:
    """These columns of these rows: what has no `export` of its own says what its cell says."""
    dites = [colonne for colonne in colonnes if colonne.export]
    return en_octets(titres(dites), ([valeur(colonne, ligne) for colonne in dites] for ligne in lignes))


def titres(colonnes: Sequence[Colonne]) -> list[str]:
    return [colonne.libelle for colonne in colonnes]


def exporter(tableau: Tableau, lignes: QuerySet[Any], parametres: QueryDict) -> Iterator[bytes]:
    """The whole list, not its page alone, as it is filtered and sorted."""
    rangees = tableau.filtrer(lignes, parametres).order_by(*tableau.tri(parametres), *tableau.ordre)
    return en_csv(tableau.colonnes, rangees.iterator(LOT))


def valeur(colonne: Colonne, ligne: Any) -> Cellule:
    """A cell as spreadsheets compute with it – amounts and days –, else the words that the screen shows."""
    if callable(colonne.export):
        dite: Cellule = colonne.export(ligne)
        return dite
    if colonne.contenu.endswith(".html"):
        return _texte(colonne, ligne)
    chemin, _, filtres = colonne.contenu.partition("|")
    nue = _variable(chemin).resolve({"ligne": ligne})
    if isinstance(nue, EnumLibelle):
        return nue.libelle
    if nue is None or isinstance(nue, Decimal | date):
        return nue
    return _texte(colonne, ligne) if filtres else str(nue)


@cache
def _variable(chemin: str) -> Variable:
    return Variable(f"ligne.{chemin}")


def _texte(colonne: Colonne, ligne: Any) -> str:
    """What the cell shows, without how."""
    return " ".join(
        html.unescape(strip_tags(gabarit(colonne.contenu).render(Context({"ligne": ligne})))).split()
    )
