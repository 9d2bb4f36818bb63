"""Jobs of the requests: what time does, hour after hour, without anybody."""

from procrastinate.contrib.django import app

from segurnum.demandes import echeances
from segurnum.regles.calendrier import maintenant, tout_est_arrive


@app.periodic(cron="10 * * * *")
@app.task(name="demandes.echeances", queue="entretien", queueing_lock="demandes.echeances")
def passer_les_echeances(timestamp: int) -> None:
    """Remind of what is due by now. Close what nothing that began to arrive in time can still change."""
    instant = maintenant()
    echeances.relancer(instant=instant)
    echeances.clore(instant=tout_est_arrive(instant))
