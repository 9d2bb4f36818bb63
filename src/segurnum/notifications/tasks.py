"""Jobs of the notifications: the mail of the day, and what is forgotten."""

from procrastinate.contrib.django import app

from segurnum.notifications import services
from segurnum.regles.calendrier import maintenant


@app.periodic(cron="0 5 * * *")
@app.task(name="notifications.recapituler", queue="entretien", queueing_lock="notifications.recapituler")
def recapituler(timestamp: int) -> None:
    """Before the offices open, in Paris as in the Antilles."""
    services.recapituler()
    services.oublier(instant=maintenant())
