"""Jobs of the mails."""

from procrastinate.contrib.django import app

from segurnum.courriels import boite, remise
from segurnum.pannes.attente import Patience


@app.task(name="courriels.expedier", queue="courriels", retry=Patience())
def expedier(courriels: list[int]) -> None:
    """Send these mails at once. Whatever happens to this job, the sweep sends what is left."""
    remise.remettre(courriels)


@app.periodic(cron="* * * * *")
@app.task(name="courriels.balayer", queue="courriels", queueing_lock="courriels.balayer")
def balayer(timestamp: int) -> None:
    """Each minute, send every mail that is due: after an outage, a worker's death, a job that was lost."""
    remise.remettre()


@app.periodic(cron="*/5 * * * *")
@app.task(name="courriels.relever", queue="courriels", queueing_lock="courriels.relever")
def relever(timestamp: int) -> None:
    """Read what came back, where a mailbox receives it."""
    boite.relever()
