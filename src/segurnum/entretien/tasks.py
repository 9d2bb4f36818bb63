"""Jobs that keep the queue and the sessions in order. The domains' own jobs are in their apps."""

import logging

from django.conf import settings
from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app

journal = logging.getLogger(__name__)

GARDE = 24 * 30  # hours that finished jobs are kept


@app.periodic(cron="* * * * *")
@app.task(
    name="entretien.reprendre", queue="entretien", queueing_lock="entretien.reprendre", pass_context=True
)
async def reprendre_les_taches_abandonnees(contexte: JobContext, timestamp: int) -> None:
    """Give back to the queue the jobs of workers that died: all jobs may be run twice.

    After an outage of the database nobody has been able to say that it lives: everybody is first given the time to.
    """
    coupure = contexte.additional_context.get("coupure")
    if coupure is not None and coupure.recente(settings.SILENCE_D_UN_OUVRIER):
        return
    for tache in await contexte.app.job_manager.get_stalled_jobs(
        seconds_since_heartbeat=settings.SILENCE_D_UN_OUVRIER
    ):
        journal.warning("Tâche %s (%s) reprise : son ouvrier ne répond plus.", tache.id, tache.task_name)
        await contexte.app.job_manager.retry_job(tache)


@app.periodic(cron="45 3 * * *")
@app.task(name="entretien.nettoyer", queue="entretien", queueing_lock="entretien.nettoyer", pass_context=True)
async def oublier_les_taches_finies(contexte: JobContext, timestamp: int) -> None:
    await contexte.app.job_manager.delete_old_jobs(nb_hours=GARDE, include_failed=False)


@app.periodic(cron="50 3 * * *")
@app.task(name="entretien.sessions", queue="entretien", queueing_lock="entretien.sessions")
def oublier_les_sessions_expirees(timestamp: int) -> None:
    call_command("clearsessions")
