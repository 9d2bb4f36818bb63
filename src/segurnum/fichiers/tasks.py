"""Jobs of the files."""

import logging

from procrastinate.contrib.django import app

from segurnum.fichiers.queries import rapprocher

journal = logging.getLogger(__name__)


@app.periodic(cron="30 3 * * *")
@app.task(name="fichiers.rapprocher", queue="entretien", queueing_lock="fichiers.rapprocher")
def rapprocher_la_nuit(timestamp: int) -> None:
    """Each night, compare the rows with the store, and say loudly what is missing."""
    resultat = rapprocher()
    if not resultat.intact:
        journal.error(
            "Stockage : %s fichier(s) perdu(s), %s altéré(s) sur %s. Lancez « segurnum django rapprocher_fichiers ».",
            len(resultat.perdus),
            len(resultat.alteres),
            resultat.lignes,
        )
