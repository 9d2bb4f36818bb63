"""The figures of one couloir: what is in force on a day, and what would be with those that are proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from segurnum.couloirs.baremes import Assiette, PlafondCalcule, Tarif
from segurnum.couloirs.declaration import Couloir

Tarifs = tuple[Tarif, ...]


@dataclass(frozen=True)
class Grille:
    """Every tariff of a couloir, and every row of its table for the beneficiaries that it was asked for."""

    couloir: Couloir
    tarifs: Tarifs = ()
    table: Mapping[str, Tarifs] = field(default_factory=dict)

    def tarif(self, jour: date) -> Tarif | None:
        """The figures in force on `jour`."""
        return _en_vigueur(self.tarifs, jour)

    def taux_avance(self, jour: date) -> Decimal:
        """The part of the engagement that an avance deposited on `jour` is."""
        return self.couloir.bareme.taux_avance(self.tarif(jour))

    def plafond(self, assiette: Assiette, jour: date) -> PlafondCalcule:
        """What the figures in force on `jour` allow for this request."""
        lignes = ((i, _en_vigueur(self.table.get(i, ()), jour)) for i in assiette.identifiants)
        table = {identifiant: ligne for identifiant, ligne in lignes if ligne}
        return self.couloir.bareme.plafond(replace(assiette, table=table), self.tarif(jour))

    def textes(self, assiette: Assiette, jour: date) -> tuple[str, ...]:
        """What the figures of this request are known from, each once, with its date."""
        tarifs = [
            self.tarif(jour),
            *(_en_vigueur(self.table.get(i, ()), jour) for i in assiette.identifiants),
        ]
        return tuple(dict.fromkeys(tarif.nom for tarif in tarifs if tarif))

    def avec(self, tarifs: Iterable[Tarif], table: Mapping[str, Tarifs]) -> Grille:
        """This one with others besides, of days that have none."""
        ajoutee = {i: (*self.table.get(i, ()), *table.get(i, ())) for i in {*self.table, *table}}
        return replace(self, tarifs=(*self.tarifs, *tarifs), table=ajoutee)


def _en_vigueur(tarifs: Tarifs, jour: date) -> Tarif | None:
    passes = [tarif for tarif in tarifs if tarif.date_effet <= jour]
    return max(passes, key=lambda tarif: tarif.date_effet, default=None)
