"""Comparing the journal of today with heads that were taken away from it."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection

from segurnum.journal.empreintes import Rupture
from segurnum.journal.queries import lire_par_tranches
from segurnum.journal.tetes import Tete

_LOT = 1_000
_TETES = (
    "SELECT chaine, rang, empreinte, to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "FROM (SELECT DISTINCT ON (chaine) chaine, rang, empreinte, instant FROM journal_evenement "
    "ORDER BY chaine DESC, rang DESC) AS dernieres ORDER BY chaine DESC"
)
# Of each head: the event of its rank today, and the last rank of its chain.
_AUJOURD_HUI = (
    "SELECT t.chaine, t.rang, t.empreinte, e.empreinte, "
    "(SELECT max(rang) FROM journal_evenement m WHERE m.chaine = t.chaine) "
    "FROM unnest(%s::text[], %s::int[], %s::text[]) AS t(chaine, rang, empreinte) "
    "LEFT JOIN journal_evenement e ON e.chaine = t.chaine AND e.rang = t.rang"
)


def tetes() -> Iterator[Tete]:
    """The head of every chain, read backwards along the index: nothing is sorted."""
    yield from map(Tete._make, lire_par_tranches("tetes_lues", _TETES))


def comparer(gardees: Iterable[Tete]) -> Iterator[Rupture]:
    """What the journal has lost or rewritten since these heads: what came after them is free to have come."""
    restantes = iter(gardees)
    while lot := list(islice(restantes, _LOT)):
        chaines, rangs, empreintes, _ = zip(*lot, strict=True)
        with connection.cursor() as curseur:
            curseur.execute(_AUJOURD_HUI, [list(chaines), list(rangs), list(empreintes)])
            lignes = curseur.fetchall()
        for chaine, rang, gardee, actuelle, dernier in lignes:
            if actuelle != gardee:
                yield Rupture(chaine, rang, _defaut(actuelle, dernier))


def _defaut(actuelle: str | None, dernier: int | None) -> str:
    if dernier is None:
        return "la chaîne entière a été supprimée depuis les têtes"
    if actuelle is None:
        return f"la fin de la chaîne a été supprimée depuis les têtes : elle s'arrête au n° {dernier}"
    return (
        "l'histoire a été réécrite depuis les têtes : cet événement, ou un autre avant lui, a été changé, ajouté, "
        "ôté ou déplacé, et les empreintes recalculées"
    )
