"""How the jobs of the queue wait: an outage is not a try."""

from __future__ import annotations

from dataclasses import dataclass

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from segurnum.pannes import de_l_ordre_meme, partie_en_panne

PREMIERE_ATTENTE = 5  # seconds
ATTENTE_MAX = 300  # seconds: what comes back is seen within five minutes
ESSAIS_D_UN_ORDRE = 10  # of a statement that a server which works ends each time: half an hour


def attente(essais: int) -> int:
    """Seconds before the next try, after this many: 5, 10, 20… then every five minutes, for as long as it lasts."""
    doublements = min(essais, 10)
    return min(ATTENTE_MAX, PREMIERE_ATTENTE << doublements)


@dataclass(frozen=True)
class Patience(BaseRetryStrategy):
    """Begin again as long as a part is down; give up after `essais` failures that come from anything else.

    What a working server ends (duration, lock, deadlock) has ten. The queue counts all tries together, those of
    outages too: a job that must not be given up for these is made again by a sweep over its rows.
    """

    essais: int = 3

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        permis = _essais_permis(exception, self.essais)
        if permis is not None and job.attempts + 1 >= permis:
            return None
        return RetryDecision(retry_in={"seconds": attente(job.attempts)})


def _essais_permis(erreur: BaseException, essais: int) -> int | None:
    """None: for as long as it takes."""
    if de_l_ordre_meme(erreur):
        return ESSAIS_D_UN_ORDRE
    return essais if partie_en_panne(erreur) is None else None
