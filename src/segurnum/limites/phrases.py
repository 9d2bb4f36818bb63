"""When to try again, as the refusals say it."""

from datetime import datetime, timedelta
from math import ceil

from segurnum.regles.calendrier import instant_long, maintenant

MINUTE = timedelta(minutes=1)


def a_partir_de(instant: datetime) -> str:
    """« à partir du 2 janvier 2024 à 14 h 57 (heure de Paris) »: a whole minute, never before the instant."""
    entier = instant.replace(second=0, microsecond=0)
    return f"à partir du {instant_long(entier if entier == instant else entier + MINUTE)} (heure de Paris)"


def secondes_avant(instant: datetime) -> int:
    """For the header Retry-After: whole seconds, one at least."""
    return max(1, ceil((instant - maintenant()).total_seconds()))
