"""What the log says of an outage: a line a minute as long as it is met, and nothing of who met it."""

import logging
import threading
import time

from segurnum.pannes import Partie

journal = logging.getLogger(__name__)

INTERVALLE = 60.0  # seconds
_verrou = threading.Lock()
_dites: dict[Partie, float] = {}


def annoncer(partie: Partie, erreur: BaseException) -> None:
    """Say that a part is down, and by what kind of error it is known, unless this process has just said it."""
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
