"""Jobs of the accounts."""

from procrastinate.contrib.django import app

from segurnum.comptes import connexions, invitations, mots_de_passe
from segurnum.pannes.attente import Patience


# Whether an address has an account is found out here, away from the page: its answer takes the same time either way.
@app.task(name="comptes.identifiant_oublie", queue="courriels", retry=Patience())
def identifiant_oublie(adresse: str) -> None:
    mots_de_passe.envoyer_identifiant(adresse=adresse)


@app.task(name="comptes.mot_de_passe_oublie", queue="courriels", retry=Patience())
def mot_de_passe_oublie(saisi: str) -> None:
    mots_de_passe.envoyer_lien(saisi=saisi)


@app.periodic(cron="55 3 * * *")
@app.task(name="comptes.nettoyer", queue="entretien", queueing_lock="comptes.nettoyer")
def nettoyer(timestamp: int) -> None:
    mots_de_passe.nettoyer()
    invitations.nettoyer()
    connexions.nettoyer()
