"""Jobs of the recovery orders."""

from procrastinate.contrib.django import app

from segurnum.recouvrements import echeances
from segurnum.regles.calendrier import maintenant


@app.periodic(cron="20 * * * *")
@app.task(name="recouvrements.echeances", queue="entretien", queueing_lock="recouvrements.echeances")
def relancer_les_debiteurs(timestamp: int) -> None:
    """Remind of what is due by now."""
    echeances.relancer(instant=maintenant())
