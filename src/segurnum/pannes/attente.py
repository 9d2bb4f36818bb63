"""How the jobs of the queue wait: an outage is not a try."""

from __future__ import annotations

from dataclasses import dataclass

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from segurnum.pannes import partie_en_panne

PREMIERE_ATTENTE = 5  # seconds
ATTENTE_MAX = 300  # seconds: what comes back is seen within five minutes


def attente(essais: int) -> int:
    """Seconds before the next try, after this many: 5, 10, 20… then every five minutes, for as long as it lasts."""
    doublements = min(essais, 10)
    return min(ATTENTE_MAX, PREMIERE_ATTENTE << doublements)


@dataclass(frozen=True)
class Patience(BaseRetryStrategy):
    """Begin again as long as a part is down; give up after `essais` failures that come from anything else.

    The queue counts all tries together: a job that must be parked for its own failures counts these in its row, and
    says `essais=None`: it ends by itself.
    """

    essais: int | None = 3

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        epuise = self.essais is not None and job.attempts + 1 >= self.essais
        if epuise and partie_en_panne(exception) is None:
            return None
        return RetryDecision(retry_in={"seconds": attente(job.attempts)})
