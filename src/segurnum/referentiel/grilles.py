"""The figures of one couloir: what is in force on a day, and what would be with those that are proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from segurnum.couloirs import Couloir
from segurnum.couloirs.baremes import Assiette, PlafondCalcule, Tarif
from segurnum.referentiel.models import Bareme, Plafond

Tarifs = tuple[Tarif, ...]
# As `Tarif.valeurs` of a row of the table names its only figure.
DU_BENEFICIAIRE = "plafond"


@dataclass(frozen=True)
class Grille:
    """Every tariff of a couloir, and every row of its table for the beneficiaries that it was asked for."""

    couloir: Couloir
    tarifs: Tarifs = ()
    table: Mapping[str, Tarifs] | None = None

    def tarif(self, jour: date) -> Tarif | None:
        """The figures in force on `jour`."""
        return _en_vigueur(self.tarifs, jour)

    def taux_avance(self, jour: date) -> Decimal:
        """The part of the engagement that an avance deposited on `jour` is."""
        return self.couloir.bareme.taux_avance(self.tarif(jour))

    def plafond(self, assiette: Assiette, jour: date) -> PlafondCalcule:
        """What the figures in force on `jour` allow for this request."""
        lignes = ((i, _en_vigueur((self.table or {}).get(i, ()), jour)) for i in assiette.identifiants)
        table = {identifiant: ligne for identifiant, ligne in lignes if ligne}
        return self.couloir.bareme.plafond(replace(assiette, table=table), self.tarif(jour))

    def avec(self, tarifs: Iterable[Tarif], table: Mapping[str, Tarifs]) -> Grille:
        """This one with others besides, of days that have none."""
        ajoutee = {
            i: (*(self.table or {}).get(i, ()), *table.get(i, ())) for i in {*(self.table or {}), *table}
        }
        return replace(self, tarifs=(*self.tarifs, *tarifs), table=ajoutee)


def grille(couloir: Couloir, identifiants: Iterable[str] | None = None) -> Grille:
    """`identifiants`: the beneficiaries whose rows are wanted; None: all of them."""
    tarifs = tuple(tarif_de(ligne) for ligne in Bareme.objects.filter(dsr=couloir.dsr))
    if not couloir.bareme.par_table:
        return Grille(couloir, tarifs)
    rangees = Plafond.objects.filter(dsr=couloir.dsr)
    if identifiants is not None:
        rangees = rangees.filter(identifiant__in=set(identifiants))
    table: dict[str, Tarifs] = defaultdict(tuple)
    for rangee in rangees.iterator():
        table[rangee.identifiant] += (ligne_de(rangee.montant_ht, rangee.date_effet, rangee.source),)
    return Grille(couloir, tarifs, table)


def tarif_de(ligne: Bareme) -> Tarif:
    valeurs = {nom: Decimal(valeur) for nom, valeur in ligne.valeurs.items()}
    return Tarif(valeurs, ligne.date_effet, ligne.source)


def ligne_de(montant_ht: Decimal, date_effet: date, source: str) -> Tarif:
    """A row of the table of eligible beneficiaries."""
    return Tarif({DU_BENEFICIAIRE: montant_ht}, date_effet, source)


def _en_vigueur(tarifs: Tarifs, jour: date) -> Tarif | None:
    passes = [tarif for tarif in tarifs if tarif.date_effet <= jour]
    return max(passes, key=lambda tarif: tarif.date_effet, default=None)
