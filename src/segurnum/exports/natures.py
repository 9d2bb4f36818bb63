"""How the columns of the exports are said: to a workbook, cell by cell; to a CSV, by the database, which is faster.

What both say is one: a test compares them on hostile values.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Case, Expression, F, Func, TextField, Value, When

from segurnum.base.copies import jour_ecrit
from segurnum.editique.tableur import AVANT_UNE_FORMULE, INERTE, Cellule
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.cycles import EnumLibelle

LISTE = ", "  # between the identifiers of one beneficiary


@dataclass(frozen=True)
class Nature:
    """`cellule`: what a workbook is given for a value; `texte`: the expression that writes it, of this field."""

    cellule: Callable[[Any], Cellule]
    texte: Callable[[str], Expression]


def _telle_quelle(valeur: Any) -> Cellule:
    dite: Cellule = valeur
    return dite


def _jour_declare(texte: str | None) -> Cellule:
    try:
        return lire_date_fr(texte or "")
    except ValueError:
        return texte


class _Texte(Func):
    """NULL for an empty text, so that nothing is written of it."""

    output_field = TextField()
    template = "NULLIF(%(function)s(%(expressions)s), '')"


def _inerte(champ: str) -> Expression:
    """A text that no spreadsheet takes for a formula."""
    active = When(**{f"{champ}__regex": AVANT_UNE_FORMULE}, then=_Colle(Value(INERTE), F(champ)))
    return _Texte(Case(active, default=F(champ), output_field=TextField()), function="")


class _Colle(Func):
    output_field = TextField()
    template = "%(expressions)s"
    arg_joiner = " || "


def _inerte_une_fois(expression: Any) -> Expression:
    """The same, of what is dear to read: named twice, it would be read twice."""
    return _Texte(expression, Value(AVANT_UNE_FORMULE), Value(INERTE), function="regexp_replace")


def _montant(champ: str) -> Expression:
    modele = "replace(round(%(expressions)s, 2)::text, '.', ',')"
    return Func(F(champ), template=modele, output_field=TextField())


def _en_liste(champ: str) -> Expression:
    return _inerte_une_fois(
        Func(F(champ), Value(LISTE), function="array_to_string", output_field=TextField())
    )


def selon(libelles: Mapping[str, str], champ: str) -> Expression:
    """Labels rather than codes."""
    cas = (When(**{champ: valeur}, then=Value(libelle)) for valeur, libelle in libelles.items())
    return Case(*cas, output_field=TextField())


def enumere(mots: Iterable[EnumLibelle]) -> Nature:
    return Nature(lambda mot: mot.libelle, partial(selon, {mot.value: mot.libelle for mot in mots}))


TEXTE = Nature(_telle_quelle, _inerte)
TEXTES = Nature(LISTE.join, _en_liste)
# A day as it was declared, « 18/10/2021 »: a text until it is seen to be one.
JOUR_DECLARE = Nature(_jour_declare, lambda champ: _inerte_une_fois(F(champ)))
# An instant, as the day of Paris; a day; an amount in euros.
INSTANT = Nature(_telle_quelle, lambda champ: jour_ecrit(champ)())
JOUR = Nature(_telle_quelle, lambda champ: jour_ecrit(champ, fuseau="")())
MONTANT = Nature(_telle_quelle, _montant)
