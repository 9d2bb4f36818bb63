"""Jobs of the bank accounts: what time does, without anybody."""

from procrastinate.contrib.django import app

from segurnum.coordonnees import banque
from segurnum.regles.calendrier import maintenant


@app.periodic(cron="20 * * * *")
@app.task(name="coordonnees.activer", queue="entretien", queueing_lock="coordonnees.activer")
def activer_les_comptes(timestamp: int) -> None:
    """Put in use the accepted accounts whose delay is over."""
    banque.activer(instant=maintenant())
