"""What time does to many rows: each by itself, so that one that cannot follow does not hold the others back."""

import logging
from collections.abc import Callable, Iterable

from django.db import transaction

journal = logging.getLogger(__name__)


def un_par_un(cles: Iterable[int], geste: Callable[[int], bool]) -> int:
    """Make the gesture on each key, in a transaction of its own. Returns on how many it had something to do.

    The next sweep finds again the one that failed; what happened is in the log, by its key alone.
    """
    faits = 0
    for cle in cles:
        try:
            with transaction.atomic():
                faits += geste(cle)
        except ValueError as refus:  # what a service answers when it will not: it may, another day
            journal.warning("Balayage : la ligne %s attend : %s", cle, refus)
        except Exception:
            journal.exception("Balayage : la ligne %s n'a pas suivi.", cle)
    return faits
