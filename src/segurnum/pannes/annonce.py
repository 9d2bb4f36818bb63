"""What is said of an outage: to the log a line a minute as long as it is met, and nothing of who met it; to who watches
it, each time.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from segurnum.pannes import Partie

journal = logging.getLogger(__name__)

INTERVALLE = 60.0  # seconds
_verrou = threading.Lock()
_dites: dict[Partie, float] = {}
_veilleurs: list[Callable[[Partie, datetime | None], None]] = []


def prevenir(veilleur: Callable[[Partie, datetime | None], None]) -> None:
    """Have it told of each outage that is met, and of when the gesture that it cuts had begun to arrive."""
    _veilleurs.append(veilleur)


def annoncer(partie: Partie, erreur: BaseException, recu_le: datetime | None = None) -> None:
    """Say that a part is down, and by what kind of error it is known, unless this process has just said it."""
    for veilleur in _veilleurs:
        veilleur(partie, recu_le)
    instant = time.monotonic()
    with _verrou:
        derniere = _dites.get(partie)
        if derniere is not None and instant - derniere < INTERVALLE:
            return
        _dites[partie] = instant
    journal.error(
        "Panne : %s (%s). Les gestes qui en ont besoin reçoivent une réponse 503 ; rien n'est à relancer ici.",
        partie.value,
        " : ".join(type(fait).__name__ for fait in (erreur, erreur.__cause__) if fait is not None),
    )
