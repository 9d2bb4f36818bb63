"""The clock of a demonstration, moved forward so that delays are seen to end: reminders, closings, expiries.

The lead is a file of the installation: its web processes and its workers read the same one.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from segurnum.regles import calendrier
from segurnum.regles.erreurs import GesteImpossible

PAS = timedelta(days=1)
VOYAGE_MAX = timedelta(days=800)


def _fichier() -> Path:
    return Path(settings.DONNEES) / "horloge"


def avance() -> timedelta:
    """How far ahead of the real clock this demonstration is."""
    try:
        return timedelta(seconds=float(_fichier().read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


def voyager(*, jusqu_a: datetime, dire: Callable[[datetime], object] = lambda _instant: None) -> None:
    """Move the clock to an instant, day after day, with what the portal does by itself on each of them.

    `dire` is told each instant that was reached. Raises GesteImpossible: only forward, and not for centuries.
    """
    depart = calendrier.maintenant()
    if jusqu_a <= depart:
        raise GesteImpossible(
            f"L'horloge ne va que vers l'avant : elle est au {calendrier.instant_long(depart)}. "
            "Donnez une date postérieure."
        )
    if jusqu_a - datetime.now(UTC) > VOYAGE_MAX:
        raise GesteImpossible(
            f"Le voyage est limité à {VOYAGE_MAX.days} jours : donnez une date plus proche."
        )
    instant = depart
    while instant < jusqu_a:
        instant = min(instant + PAS, jusqu_a)
        _regler(instant)
        for balayage in _balayages():
            balayage(int(instant.timestamp()))
        dire(instant)


def _regler(instant: datetime) -> None:
    """Written aside, then put in place: the other processes read the old lead or the new one."""
    neuf = _fichier().with_suffix(".neuf")
    neuf.write_text(str((instant - datetime.now(UTC)).total_seconds()))
    os.replace(neuf, _fichier())


def _balayages() -> list[Callable[[int], object]]:
    """What runs by itself in the domains: the periodic jobs, but those that tend the queue itself."""
    taches = (periodique.task for periodique in app.periodic_registry.periodic_tasks.values())
    return [tache.func for tache in taches if tache.name and not tache.name.startswith("entretien.")]
