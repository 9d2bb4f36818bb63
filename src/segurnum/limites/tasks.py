"""Jobs of the limits."""

from procrastinate.contrib.django import app

from segurnum.limites import services


@app.periodic(cron="50 3 * * *")
@app.task(name="limites.purger", queue="entretien", queueing_lock="limites.purger")
def purger(timestamp: int) -> None:
    services.purger()
