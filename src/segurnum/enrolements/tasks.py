"""Jobs of the enrolments."""

from procrastinate.contrib.django import app

from segurnum.enrolements import brouillons, relances, verification
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


@app.periodic(cron="15 6 * * *")
@app.task(name="enrolements.relancer", queue="entretien", queueing_lock="enrolements.relancer")
def relancer_les_demandeurs(timestamp: int) -> None:
    """Each morning, remind those whose pieces, certificates or drafts are awaited."""
    instant = calendrier.maintenant()
    relances.annoncer_les_validations(instant=instant)
    relances.relancer(instant=instant)
    relances.relancer_les_brouillons(instant=instant)
