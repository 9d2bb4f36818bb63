"""The figures that the administration keeps, as the scales read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from segurnum.couloirs import Couloir
from segurnum.couloirs.baremes import DU_BENEFICIAIRE, Tarif
from segurnum.couloirs.grilles import Grille, Tarifs
from segurnum.referentiel.models import Bareme, Plafond
from segurnum.referentiel.plafonds import LignePlafond


def grille(couloir: Couloir, identifiants: Iterable[str] | None = None) -> Grille:
    """`identifiants`: the beneficiaries whose rows are wanted; None: all of them."""
    tarifs = tuple(tarif_de(ligne) for ligne in Bareme.objects.filter(dsr=couloir.dsr))
    if not couloir.bareme.par_table:
        return Grille(couloir, tarifs)
    return Grille(couloir, tarifs, _table(couloir, identifiants))


def chiffres(couloir: Couloir, identifiants: Iterable[str]) -> tuple[Tarifs, Mapping[str, Tarifs]]:
    """What a ceiling is computed from, in one reading: a table has no other figure that bounds."""
    if not couloir.bareme.par_table:
        return grille(couloir).tarifs, {}
    return (), _table(couloir, identifiants)


def _table(couloir: Couloir, identifiants: Iterable[str] | None) -> dict[str, Tarifs]:
    toutes = Plafond.objects.filter(dsr=couloir.dsr)
    rangees = toutes.iterator() if identifiants is None else toutes.filter(identifiant__in=set(identifiants))
    return table_de(rangees)


def tarif_de(ligne: Bareme) -> Tarif:
    valeurs = {nom: Decimal(valeur) for nom, valeur in ligne.valeurs.items()}
    return Tarif(valeurs, ligne.date_effet, ligne.source)


def table_de(rangees: Iterable[Plafond | LignePlafond]) -> dict[str, Tarifs]:
    """The rows of each eligible beneficiary: those that are kept, or those that are proposed."""
    table: dict[str, Tarifs] = defaultdict(tuple)
    for rangee in rangees:
        table[rangee.identifiant] += (
            Tarif({DU_BENEFICIAIRE: rangee.montant_ht}, rangee.date_effet, rangee.source),
        )
    return dict(table)
