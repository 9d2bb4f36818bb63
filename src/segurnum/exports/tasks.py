"""Jobs of the exports."""

from procrastinate.contrib.django import app

from segurnum.exports import services
from segurnum.pannes.attente import Patience
from segurnum.regles.calendrier import maintenant


@app.task(name=services.TACHE, queue="exports", retry=Patience(essais=3))
def preparer(export: int) -> None:
    services.preparer(export=export)


@app.periodic(cron="*/5 * * * *")
@app.task(name="exports.constater", queue="entretien", queueing_lock="exports.constater")
def dire_les_exports_impossibles(timestamp: int) -> None:
    """Tell, within five minutes, of the exports whose job was given up."""
    services.constater_les_abandons()


@app.periodic(cron="40 * * * *")
@app.task(name="exports.purger", queue="entretien", queueing_lock="exports.purger")
def oublier_les_exports_perimes(timestamp: int) -> None:
    """Each hour, erase the exports that have been offered for a day."""
    services.purger(instant=maintenant())
