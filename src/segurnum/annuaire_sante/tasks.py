"""Jobs of the Annuaire Santé."""

from procrastinate.contrib.django import app

from segurnum.annuaire_sante import arretes, services


@app.periodic(cron="20 4 * * *")
@app.task(name="annuaire_sante.oublier", queue="entretien", queueing_lock="annuaire_sante.oublier")
def oublier_les_adresses_inutiles(timestamp: int) -> None:
    services.oublier_adresses()
    arretes.effacer_les_adresses_anciennes()
