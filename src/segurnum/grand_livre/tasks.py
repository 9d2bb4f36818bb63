"""Jobs of the ledger."""

import logging

from procrastinate.contrib.django import app

from segurnum.grand_livre import compteurs
from segurnum.grand_livre.controle import veiller

journal = logging.getLogger(__name__)


@app.periodic(cron="45 4 * * *")
@app.task(name="grand_livre.verifier", queue="entretien", queueing_lock="grand_livre.verifier")
def verifier_la_nuit(timestamp: int) -> None:
    """Each night the ledger is proved against the tables; an anomaly is said loudly."""
    fait = veiller()
    if fait.anomalies:
        journal.error(
            "Grand livre : %s anomalie(s). Lancez « segurnum grand-livre verifier ».", fait.anomalies
        )


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="grand_livre.resumer_les_compteurs",
    queue="entretien",
    queueing_lock="grand_livre.resumer_les_compteurs",
)
def resumer_les_compteurs(timestamp: int) -> None:
    compteurs.resumer()
