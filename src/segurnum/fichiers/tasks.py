"""Jobs of the files."""

import logging

from procrastinate.contrib.django import app

from segurnum.fichiers.menaces import analyser_en_attente
from segurnum.fichiers.menage import effacer_les_fichiers_sans_proprietaire, effacer_les_octets_sans_ligne
from segurnum.fichiers.queries import rapprocher
from segurnum.pannes import PanneTechnique
from segurnum.regles.calendrier import maintenant

journal = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="fichiers.analyser",
    queue="archives",
    queueing_lock="fichiers.analyser",
    lock="fichiers.analyser",
)
def analyser_les_fichiers_en_attente(timestamp: int) -> None:
    """Each minute, have the antivirus look at what came while it did not answer. Still down, the next turn tries."""
    try:
        analyser_en_attente()
    except PanneTechnique as panne:
        journal.warning("Analyse des fichiers en attente : %s", panne)


@app.periodic(cron="30 3 * * *")
@app.task(name="fichiers.rapprocher", queue="entretien", queueing_lock="fichiers.rapprocher")
def rapprocher_la_nuit(timestamp: int) -> None:
    """Each night, erase what nobody owns; compare the rows with the store, and say loudly what is missing."""
    efface = effacer_les_fichiers_sans_proprietaire(instant=maintenant())
    journal.info("Stockage : %s fichier(s) sans propriétaire effacé(s).", efface)
    resultat = rapprocher()
    oublies = effacer_les_octets_sans_ligne(resultat.orphelins, instant=maintenant())
    journal.info("Stockage : %s contenu(s) sans ligne effacé(s).", oublies)
    if not resultat.intact:
        journal.error(
            "Stockage : %s fichier(s) perdu(s), %s altéré(s) sur %s. Lancez « segurnum django rapprocher_fichiers ».",
            len(resultat.perdus),
            len(resultat.alteres),
            resultat.lignes,
        )
