"""The figures that the administration keeps, as the scales read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from segurnum.couloirs import Couloir
from segurnum.couloirs.baremes import Tarif
from segurnum.couloirs.grilles import DU_BENEFICIAIRE, Grille, Tarifs
from segurnum.referentiel.models import Bareme, Plafond


def grille(couloir: Couloir, identifiants: Iterable[str] | None = None) -> Grille:
    """`identifiants`: the beneficiaries whose rows are wanted; None: all of them."""
    tarifs = tuple(tarif_de(ligne) for ligne in Bareme.objects.filter(dsr=couloir.dsr))
    if not couloir.bareme.par_table:
        return Grille(couloir, tarifs)
    return Grille(couloir, tarifs, _table(couloir, identifiants))


def chiffres(couloir: Couloir, identifiants: Iterable[str]) -> tuple[Tarifs, Mapping[str, Tarifs] | None]:
    """What a ceiling is computed from, in one reading: a table has no other figure that bounds."""
    if not couloir.bareme.par_table:
        return grille(couloir).tarifs, None
    return (), _table(couloir, identifiants)


def _table(couloir: Couloir, identifiants: Iterable[str] | None) -> dict[str, Tarifs]:
    toutes = Plafond.objects.filter(dsr=couloir.dsr)
    rangees = toutes.iterator() if identifiants is None else toutes.filter(identifiant__in=set(identifiants))
    table: dict[str, Tarifs] = defaultdict(tuple)
    for rangee in rangees:
        table[rangee.identifiant] += (ligne_de(rangee.montant_ht, rangee.date_effet, rangee.source),)
    return dict(table)


def tarif_de(ligne: Bareme) -> Tarif:
    valeurs = {nom: Decimal(valeur) for nom, valeur in ligne.valeurs.items()}
    return Tarif(valeurs, ligne.date_effet, ligne.source)


def ligne_de(montant_ht: Decimal, date_effet: date, source: str) -> Tarif:
    """A row of the table of eligible beneficiaries."""
    return Tarif({DU_BENEFICIAIRE: montant_ht}, date_effet, source)
