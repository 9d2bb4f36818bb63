"""Jobs of the mails."""

import smtplib

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from segurnum.courriels import services

PANNES = (OSError, smtplib.SMTPException)


# A mail server that is down for an hour loses nothing.
@app.task(
    name="courriels.expedier",
    queue="courriels",
    retry=RetryStrategy(max_attempts=12, exponential_wait=2, retry_exceptions=set(PANNES)),
)
def expedier(courriels: list[int]) -> None:
    """Send each mail. Those that fail make the job come back; those that left do not leave twice."""
    panne: Exception | None = None
    for cle in courriels:
        try:
            services.expedier(courriel=cle)
        except PANNES as erreur:
            services.noter_echec(courriel=cle, erreur=type(erreur).__name__)
            panne = erreur
    if panne is not None:
        raise panne
