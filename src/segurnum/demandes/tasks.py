"""Jobs of the requests: what time does, hour after hour, without anybody."""

from procrastinate.contrib.django import app

from segurnum.demandes import echeances
from segurnum.regles.calendrier import maintenant


@app.periodic(cron="10 * * * *")
@app.task(name="demandes.echeances", queue="entretien", queueing_lock="demandes.echeances")
def passer_les_echeances(timestamp: int) -> None:
    """Delete, remind, close: whatever is due by now."""
    instant = maintenant()
    for balayage in (echeances.expirer, echeances.relancer, echeances.clore):
        balayage(instant=instant)
