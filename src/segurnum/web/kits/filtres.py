"""What « Filtrer... » looks for, by kind of column; for the lists of every face."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import CharField, Expression, F, Func, QuerySet

from segurnum.web.kits.tableau import Colonne, Filtre

FUSEAU = " AT TIME ZONE 'Europe/Paris'"


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


def jour_ecrit(champ: str, *, fuseau: str = FUSEAU) -> Callable[[], Expression]:
    """An instant as the day of Paris that the screens show; a plain date with an empty `fuseau`."""
    return lambda: Func(
        F(champ), template=f"to_char(%(expressions)s{fuseau}, 'DD/MM/YYYY')", output_field=CharField()
    )


def colonne_texte(champ: str, libelle: str, cle: str = "", **options: Any) -> Colonne:
    """A text of the model: shown, filtered by what it contains, sorted."""
    return Colonne(cle or champ, libelle, contient(champ), (champ,), **{"cellule": champ} | options)


def colonne_choix(champ: str, libelle: str, choix: Iterable[tuple[Any, str]], **options: Any) -> Colonne:
    """A choice of the model: shown and filtered by its label, sorted."""
    montre = {"cellule": f"get_{champ}_display"} | options
    return Colonne(champ, libelle, parmi(champ, lambda: choix), (champ,), **montre)
