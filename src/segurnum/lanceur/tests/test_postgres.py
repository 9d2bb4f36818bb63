"""The embedded database survives what happens to it."""

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from segurnum.lanceur import processus
from segurnum.lanceur.binaires import LanceurErreur
from segurnum.lanceur.postgres import ServeurPostgres


@pytest.fixture
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("base") / "postgres"


@pytest.fixture
def serveur(dossier: Path) -> Iterator[ServeurPostgres]:
    serveur = ServeurPostgres(dossier, pour_les_essais=True)
    yield serveur
    serveur.arreter()


def ecrire(url: str) -> None:
    with psycopg.connect(url) as connexion:
        connexion.execute("CREATE TABLE temoin AS SELECT 1 AS valeur")


def lire(url: str) -> int:
    with psycopg.connect(url) as connexion:
        ligne = connexion.execute("SELECT valeur FROM temoin").fetchone()
    assert ligne is not None
    return int(ligne[0])


def test_rows_survive_a_stop_and_a_start(serveur: ServeurPostgres) -> None:
    ecrire(serveur.demarrer())
    serveur.arreter()
    assert serveur.pid() is None
    assert lire(serveur.demarrer()) == 1


def test_rows_survive_a_server_killed_on_the_spot(dossier: Path) -> None:
    serveur = ServeurPostgres(dossier)  # the settings of the tests give up durability
    with serveur as url:
        ecrire(url)
        pid = serveur.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while serveur.pid() is not None:
            pass
        assert serveur.relancer_si_mort()
        assert lire(url) == 1


def test_the_last_command_to_leave_stops_the_server(serveur: ServeurPostgres, dossier: Path) -> None:
    url = serveur.demarrer()
    autre = ServeurPostgres(dossier)
    assert autre.demarrer() == url
    autre.arreter()
    assert serveur.pid() is not None
    serveur.arreter()
    assert serveur.pid() is None


def test_the_password_is_asked_and_kept_from_others(serveur: ServeurPostgres, dossier: Path) -> None:
    url = serveur.demarrer()
    etat = dossier / "etat.json"
    assert stat.S_IMODE(etat.stat().st_mode) == 0o600
    faux = url.replace(json.loads(etat.read_text())["proprietaire"], "faux")
    with pytest.raises(psycopg.OperationalError, match="authentication"):
        psycopg.connect(faux)


def test_an_unreadable_state_file_is_said(serveur: ServeurPostgres, dossier: Path) -> None:
    dossier.mkdir()
    (dossier / "etat.json").write_text("{")
    with pytest.raises(LanceurErreur, match="illisible"):
        serveur.demarrer()


def test_a_pid_taken_over_by_another_program_is_not_a_server(tmp_path: Path) -> None:
    fichier = tmp_path / "postmaster.pid"
    fichier.write_text(f"{os.getpid()}\n")
    assert processus.postmaster_vivant(fichier) is None
    processus.effacer_verrou_mort(fichier)
    assert not fichier.exists()
