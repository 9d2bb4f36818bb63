"""Jobs of the deposits."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from segurnum.demandes import brouillons, echeances
from segurnum.depots import comptages, pieces, services
from segurnum.regles.calendrier import maintenant, tout_est_arrive

ESSAIS = 3


@app.task(
    name="depots.controler_archive",
    queue="archives",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ESSAIS, wait=5),
)
def controler_archive(contexte: JobContext, archive: int) -> None:
    """Check a ZIP. A file that makes the check fail each time is set aside: the queue and the screen go on."""
    if contexte.job.attempts >= ESSAIS:  # given back that often by workers that died on it, unable to say so
        pieces.declarer_illisible(archive=archive)
        return
    try:
        pieces.controler(archive=archive)
    except Exception:
        if contexte.job.attempts + 1 >= ESSAIS:
            pieces.declarer_illisible(archive=archive)
        raise


@app.periodic(cron="10 * * * *")
@app.task(name="depots.expirer", queue="entretien", queueing_lock="depots.expirer")
def supprimer_les_demandes_sans_pieces(timestamp: int) -> None:
    """Delete the requests whose pieces did not come; a ZIP that came in time is checked first, however late that is."""
    echeances.expirer(instant=tout_est_arrive(maintenant()), sauf=pieces.en_attente_de_controle())


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
