"""A browser and the portal's pages served from this process, on the tables of the test."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from e2e.visiteurs import Portail, Surveillance
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.lanceur import navigateur as navigateurs

MOT_DE_PASSE = "un-mot-de-passe-d-essai"


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The live server of Django serves MEDIA_ROOT at MEDIA_URL: unset, both would be this checkout at « / »."""
    with override_settings(MEDIA_URL="/rien-n-est-servi-ici/"):
        serveur = LiveServer("localhost")
    yield serveur
    serveur.stop()


@pytest.fixture(scope="package")
def navigateur(django_db_setup: None) -> Iterator[Browser]:
    """One for all the tests; each person has a profile of their own in it."""
    chemin = navigateurs.trouver()
    if chemin is None:
        pytest.skip("aucun navigateur : lancez « ./segurnum test », qui l'installe")
    with pytest.MonkeyPatch.context() as environnement, sync_playwright() as playwright:
        # The browser's driver runs an event loop in this thread, and Django would refuse the database beside it.
        environnement.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        lance = playwright.chromium.launch(executable_path=chemin, args=["--no-sandbox", "--disable-gpu"])
        yield lance
        lance.close()
        connections.close_all()  # those opened beside the event loop, which nobody finds once it is stopped


@pytest.fixture
def portail(navigateur: Browser, transactional_db: None, live_server: LiveServer) -> Iterator[Portail]:
    yield Portail(navigateur, live_server.url, MOT_DE_PASSE)
    for contexte in navigateur.contexts:
        contexte.close()


@pytest.fixture
def surveillance() -> Iterator[Surveillance]:
    """What is seen wrong on the pages is told at the end of the walk."""
    regard = Surveillance()
    yield regard
    regard.conclure()


@pytest.fixture
def deposant(transactional_db: None) -> Deposant:
    """A company that may deposit avances and soldes, an envelope to pay them, and its person's password."""
    deposant = Deposant.nouveau("MS1-DUI")
    usines.enveloppe(deposant.enrolement.referencement.dsr)
    _donner_un_mot_de_passe(deposant.utilisateur)
    return deposant


@pytest.fixture
def agents(transactional_db: None) -> dict[Profil, Utilisateur]:
    """One person of each profile of the back office."""
    profils = (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE)
    personnes = {profil: usines.utilisateur(profil) for profil in profils}
    for personne in personnes.values():
        _donner_un_mot_de_passe(personne)
    return personnes


def _donner_un_mot_de_passe(personne: Utilisateur) -> None:
    personne.set_password(MOT_DE_PASSE)
    personne.save()
