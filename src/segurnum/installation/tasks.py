"""Jobs of the installation."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from segurnum.installation.services import veiller_sur_le_journal

journal = logging.getLogger(__name__)


@app.periodic(cron="15 4 * * *")
@app.task(
    name="installation.verifier_journal", queue="entretien", queueing_lock="installation.verifier_journal"
)
def verifier_le_journal_la_nuit(timestamp: int) -> None:
    """Each night the whole journal is read again, then its heads are written; an anomaly is said loudly."""
    bilan = veiller_sur_le_journal(dire=lambda _phrase: None)
    if bilan.anomalies:
        journal.error(
            "Journal altéré : %s anomalie(s). Lancez « segurnum journal verifier --tetes %s ».",
            bilan.anomalies,
            settings.JOURNAL_TETES,
        )


def _passer(timestamp: int) -> None:
    """What a job of each minute does in a queue: it shows, by being done, that somebody serves it."""


# Before whatever waits there: what is late is then the worker, not its turn. « entretien » has its own each minute.
for _file in ("archives", "courriels", "exports"):
    app.periodic(cron="* * * * *")(
        app.task(
            name=f"installation.passer_{_file}",
            queue=_file,
            queueing_lock=f"installation.passer_{_file}",
            priority=100,
        )(_passer)
    )
