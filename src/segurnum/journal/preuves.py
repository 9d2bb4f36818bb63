"""What rows hold, told by digests in the event of the gesture that wrote them, and read again by who verifies.

A model declares it beside its columns: `PREUVE = Preuve("octroi", fixes=…, suit=…)`. `noter` and `franchir` tell it by
themselves; who journals otherwise adds `prouver(row)` to its details, once the row is written. Values stay out of it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

DITE = "preuve:"  # then a kind and a key: in the details of an event, the digests of that row
FIXE, SUIT = COTES = ("fixe", "suit")


@dataclass(frozen=True)
class Enfants:
    """Rows that have no event of their own: they are told with what they belong to, by the path that leads to it."""

    modele: str  # « enrolements.PieceEnrolement »
    par: str  # « enrolement », « partie__contestation »
    colonnes: str

    def sql(self) -> str:
        """The rows of `t`, in the order of their keys, as JSON: no value runs into the next."""
        classe: Any = apps.get_model(self.modele)
        premier, _, second = self.par.partition("__")
        lien = classe._meta.get_field(premier)
        ou = f"l.{lien.column} = t.id"
        if second:
            amont = lien.related_model._meta
            cle = amont.get_field(second).column
            ou = f"l.{lien.column} IN (SELECT p.id FROM {amont.db_table} p WHERE p.{cle} = t.id)"  # noqa: S608 - ours
        return (
            f"(SELECT jsonb_agg({_rangee(classe, self.colonnes, 'l')} ORDER BY l.id) "  # noqa: S608 - ours
            f"FROM {classe._meta.db_table} l WHERE {ou})"
        )


@dataclass(frozen=True)
class Preuve:
    """`fixes`: columns that nothing changes once they are written; `suit`: those that gestures change.

    `brouillon`: while this SQL holds of the row, what it holds is nobody's act, and is not told. `sql_de_plus`: what
    follows from gestures and is no column of its own; `sql_fixe`, the part of a column that nothing changes.
    A column that is added takes a new digest: see docs/operations/journal.md.
    """

    sorte: str
    fixes: str = ""
    suit: str = ""
    enfants: tuple[Enfants, ...] = ()
    brouillon: str = ""
    sql_de_plus: str = ""
    sql_fixe: str = ""

    def sql(self, modele: type[models.Model]) -> dict[str, str]:
        """Of a row `t`: each digest, after the mark of the columns that it is made of."""
        plus = [self.sql_de_plus] if self.sql_de_plus else []
        suit = ", ".join(
            [_rangee(modele, self.suit, "t"), *(enfants.sql() for enfants in self.enfants), *plus]
        )
        fixe, colonnes = _rangee(modele, self.fixes, "t"), (self.fixes, self.sql_fixe)
        return {
            FIXE: self._empreinte(f"jsonb_build_array({fixe}, {self.sql_fixe})", colonnes)
            if self.sql_fixe
            else self._empreinte(fixe, self.fixes),
            SUIT: self._empreinte(f"jsonb_build_array({suit})", (self.suit, self.enfants, self.sql_de_plus)),
        }

    def _empreinte(self, sql: str, colonnes: object) -> str:
        marque = hashlib.sha256(repr(colonnes).encode()).hexdigest()[:6]
        empreinte = f"'{marque}:' || encode(sha256(convert_to(({sql})::text, 'UTF8')), 'hex')"
        return f"CASE WHEN {self.brouillon} THEN '' ELSE {empreinte} END" if self.brouillon else empreinte


def memes_colonnes(dite: str, lue: str) -> bool:
    """Whether two digests are of the same columns: what was told before one was added says nothing of it."""
    return dite.partition(":")[0] == lue.partition(":")[0]


def prouver(*lignes: object) -> dict[str, Any]:
    """The details by which an event tells these rows, as the tables have them now. One statement for each kind."""
    return {nom: valeur for dite in prouver_chacune(lignes).values() for nom, valeur in dite.items()}


def prouver_chacune(lignes: Iterable[object]) -> dict[int, dict[str, Any]]:
    """By key, for rows of one kind that are told each by its own event."""
    par_modele: dict[type[models.Model], list[int]] = defaultdict(list)
    for ligne in lignes:
        if isinstance(ligne, models.Model) and hasattr(ligne, "PREUVE"):
            par_modele[type(ligne)].append(ligne.pk)
    dites: dict[int, dict[str, Any]] = defaultdict(dict)
    for modele, cles in par_modele.items():
        for cle, *lues in _lire(modele, cles):
            dites[cle] |= {f"{DITE}{modele.PREUVE.sorte}:{cle}": lues}  # type: ignore[attr-defined]
    return dites


def dites(details: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """What an event tells so: the kind, the key, the digests."""
    for nom, lues in details.items():
        if nom.startswith(DITE):
            sorte, _, cle = nom.removeprefix(DITE).rpartition(":")
            yield sorte, cle, lues


def _lire(modele: type[models.Model], cles: list[int]) -> list[tuple[Any, ...]]:
    colonnes = modele.PREUVE.sql(modele)  # type: ignore[attr-defined]
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT t.id, {', '.join(colonnes.values())} FROM {modele._meta.db_table} t "  # noqa: S608 - ours
            "WHERE t.id = ANY(%s)",
            [cles],
        )
        return list(curseur.fetchall())


def prouves() -> Iterator[type[models.Model]]:
    """Every model whose rows are told so."""
    return (modele for modele in apps.get_models() if hasattr(modele, "PREUVE"))


def _rangee(modele: Any, noms: str, de: str) -> str:
    return f"jsonb_build_array({', '.join(_valeur(modele, nom, de) for nom in noms.split())})"


def _valeur(modele: Any, nom: str, de: str) -> str:
    """« fichier__empreinte »: of the row that the key leads to. Instants are told the same in every time zone."""
    champ, _, suite = nom.partition("__")
    lu = modele._meta.get_field(champ)
    colonne = f"{de}.{lu.column}"
    if suite:
        return f"(SELECT c.{suite} FROM {lu.related_model._meta.db_table} c WHERE c.id = {colonne})"  # noqa: S608 - ours
    return f"extract(epoch FROM {colonne})" if isinstance(lu, models.DateTimeField) else colonne
