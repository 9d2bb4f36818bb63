"""Jobs of the deposits."""

from procrastinate.contrib.django import app

from segurnum.demandes import brouillons
from segurnum.depots import comptages, pieces, reprises, services, suites
from segurnum.pannes.attente import Patience
from segurnum.regles.calendrier import maintenant, tout_est_arrive


@app.task(name=reprises.TACHE, queue="archives", retry=Patience(essais=10))
def controler_archive(archive: int) -> None:
    """Check a ZIP, as long as it takes. One that makes its own check fail each time is set aside: the others go on."""
    try:
        pieces.controler(archive=archive)
    except Exception as erreur:
        if not reprises.noter_echec(archive=archive, erreur=erreur):
            raise


@app.periodic(cron="*/5 * * * *")
@app.task(name="depots.relancer", queue="entretien", queueing_lock="depots.relancer")
def relancer_les_controles_oublies(timestamp: int) -> None:
    """Queue again the checks whose job was lost, or failed."""
    reprises.relancer_les_oubliees()


@app.periodic(cron="10 * * * *")
@app.task(name="depots.expirer", queue="entretien", queueing_lock="depots.expirer")
def supprimer_les_demandes_sans_pieces(timestamp: int) -> None:
    """Delete the requests whose pieces did not come, after the mails that say so; a ZIP that came in time is checked
    first, however late that is.
    """
    suites.prevenir(instant=maintenant())
    suites.expirer(instant=tout_est_arrive(maintenant()))


@app.periodic(cron="15 * * * *")
@app.task(name="depots.arreter_comptes", queue="entretien", queueing_lock="depots.arreter_comptes")
def arreter_les_comptes(timestamp: int) -> None:
    """Complete the soldes whose counts were not known, or not settled, when they were deposited."""
    comptages.arreter()


@app.periodic(cron="25 3 * * *")  # before the files that nobody owns are erased
@app.task(name="depots.purger_simulations", queue="entretien", queueing_lock="depots.purger_simulations")
def purger_les_simulations(timestamp: int) -> None:
    """Each night, erase the simulations that were not imported and that are older than the setting says."""
    services.purger_simulations(instant=maintenant())


@app.periodic(cron="35 3 * * *")
@app.task(name="depots.purger", queue="entretien", queueing_lock="depots.purger")
def purger_les_brouillons(timestamp: int) -> None:
    """Each night, erase the forms that nobody has touched for a year."""
    brouillons.purger(instant=maintenant())
