"""Jobs of the proofs."""

from procrastinate.contrib.django import app

from segurnum.antirobot import services


@app.periodic(cron="55 * * * *")
@app.task(name="antirobot.oublier", queue="entretien", queueing_lock="antirobot.oublier")
def oublier(timestamp: int) -> None:
    services.oublier_les_epreuves_expirees()
