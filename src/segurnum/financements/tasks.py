"""Jobs of the contests: what time does, hour after hour, and each night what no deposit has shown."""

from procrastinate.contrib.django import app

from segurnum.financements import contestations
from segurnum.regles.calendrier import maintenant, tout_est_arrive


@app.periodic(cron="20 * * * *")
@app.task(name="financements.echeances", queue="entretien", queueing_lock="financements.echeances")
def passer_les_echeances(timestamp: int) -> None:
    """Remind of what is due by now. Close what nothing that began to arrive in time can still change."""
    instant = maintenant()
    contestations.relancer(instant=instant)
    contestations.echoir(instant=tout_est_arrive(instant))


@app.periodic(cron="40 3 * * *")
@app.task(name="financements.doublons", queue="entretien", queueing_lock="financements.doublons")
def chercher_les_doublons(timestamp: int) -> None:
    contestations.proposer_les_oubliees()
