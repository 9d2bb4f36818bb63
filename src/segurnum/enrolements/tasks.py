"""Jobs of the enrolments."""

from procrastinate.contrib.django import app

from segurnum.enrolements import brouillons, verification
from segurnum.regles import calendrier


@app.periodic(cron="40 3 * * *")
@app.task(name="enrolements.purger", queue="entretien", queueing_lock="enrolements.purger")
def purger_les_brouillons(timestamp: int) -> None:
    """Each night, erase the drafts that nobody has touched for 30 days."""
    brouillons.purger(instant=calendrier.maintenant())


@app.periodic(cron="20 * * * *")
@app.task(name="enrolements.verifier", queue="entretien", queueing_lock="enrolements.verifier")
def verifier_les_entreprises(timestamp: int) -> None:
    """Each hour, complete the enrolments that were deposited while the directory was down."""
    verification.verifier_les_entreprises()
