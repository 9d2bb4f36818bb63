"""Jobs of the requests: what time does, hour after hour, without anybody."""

from datetime import timedelta

from procrastinate.contrib.django import app

from segurnum.demandes import echeances
from segurnum.regles.calendrier import DUREE_D_UN_ENVOI, maintenant

# Besides: what has just finished arriving may wait for a lock.
MARGE = timedelta(minutes=5)


@app.periodic(cron="10 * * * *")
@app.task(name="demandes.echeances", queue="entretien", queueing_lock="demandes.echeances")
def passer_les_echeances(timestamp: int) -> None:
    """Remind of what is due by now. Delete and close what nothing that began to arrive in time can still change."""
    instant = maintenant()
    echeances.relancer(instant=instant)
    for balayage in (echeances.expirer, echeances.clore):
        balayage(instant=instant - DUREE_D_UN_ENVOI - MARGE)
