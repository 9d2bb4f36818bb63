"""The database stops, cuts everybody off, or is replaced by its standby: pages and workers go on."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from processus.serveurs import Serveur, deux_adresses, secours_de, serveur_a_part
from processus.serveurs import lire as lire_la_base
from segurnum.essais.programmes import RACINE, Ouvrier, Programme, Web, environnement, lire
from segurnum.lanceur.environnement import SEGURNUM

pytestmark = pytest.mark.django_db  # the suite's database, whose tables are copied
PAGE = "/segurnum/foires-aux-questions"  # it is nothing without the database
FILS = 8  # a page that met as many dead connections, one after the other, would give up before the last one


@pytest.fixture(scope="module")
def _serveur(django_db_setup: None) -> Iterator[Serveur]:
    with serveur_a_part() as serveur:
        yield serveur


@pytest.fixture
def serveur(_serveur: Serveur) -> Serveur:
    """Running, with an empty queue."""
    _serveur.relancer_si_mort()
    _serveur.lire("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    return _serveur


def _variables(serveur: str, dossier: Path, **autres: str) -> dict[str, str]:
    return {"DATABASE_URL": serveur, "SEGURNUM_DONNEES": str(dossier / "donnees"), **autres}


def _ouvrier(serveur: str, dossier: Path, **autres: str) -> Ouvrier:
    """A worker that knows the job of these tests."""
    variables = _variables(serveur, dossier, **autres)
    variables["DJANGO_SETTINGS_MODULE"] = "processus.reglages_taches"
    variables["PYTHONPATH"] = os.pathsep.join(str(RACINE / nom) for nom in ("src", "tests"))
    return Ouvrier(dossier, **variables)


def _confier(url: str, tache: str, **arguments: object) -> int:
    requete = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES (%s, %s, %s) RETURNING id"
    file = "archives" if tache.startswith("essai.") else "entretien"
    return int(lire_la_base(url, requete, file, tache, psycopg.types.json.Jsonb(arguments)))


def _etat(url: str, tache: int) -> str:
    """The state of a job; nothing while the base does not answer."""
    with suppress(psycopg.OperationalError):
        return str(lire_la_base(url, "SELECT status FROM procrastinate_jobs WHERE id = %s", tache))
    return ""


def _un_ouvrier_bat(url: str) -> bool:
    with suppress(psycopg.OperationalError):
        return bool(lire_la_base(url, "SELECT count(*) FROM procrastinate_workers"))
    return False


def _dit(programme: Programme, phrase: str) -> int:
    return programme.journal.read_text().count(phrase)


def test_un_ouvrier_survit_a_sa_base_et_la_fin_de_sa_tache_n_est_pas_perdue(serveur: Serveur, tmp_path: Path):
    tube = tmp_path / "tube"
    os.mkfifo(tube)
    with _ouvrier(serveur.url, tmp_path) as ouvrier:
        ouvrier.attendre(lambda: _un_ouvrier_bat(serveur.url))
        serveur.relancer()  # while it has nothing to do
        en_cours = _confier(serveur.url, "essai.attendre", tube=str(tube))
        ouvrier.attendre(lambda: _etat(serveur.url, en_cours) == "doing")
        coupures = _dit(ouvrier, "La base ne répond plus")  # a restart may be too short to be seen
        serveur.arreter_net()
        tube.write_bytes(b"fini")  # the job ends while nobody can be told
        ouvrier.attendre(lambda: _dit(ouvrier, "La base ne répond plus") > coupures)
        serveur.relancer_si_mort()
        ouvrier.attendre(lambda: _etat(serveur.url, en_cours) == "succeeded")
        suivante = _confier(serveur.url, "entretien.sessions", timestamp=0)
        ouvrier.attendre(lambda: _etat(serveur.url, suivante) == "succeeded")
        essais = serveur.lire("SELECT attempts FROM procrastinate_jobs WHERE id = %s", en_cours)
        assert essais == 1
        assert _dit(ouvrier, "La base répond de nouveau") == _dit(ouvrier, "La base ne répond plus")
        ouvrier.processus.terminate()
        assert ouvrier.processus.wait(20) == 0


def test_un_ouvrier_qui_renonce_a_sa_base_le_dit_par_son_code(serveur: Serveur, tmp_path: Path):
    serveur.arreter_net()
    with _ouvrier(serveur.url, tmp_path, SEGURNUM_OUVRIER_PATIENCE="1") as ouvrier:
        assert ouvrier.processus.wait(60) == 1
    assert _dit(ouvrier, "renonce") == 1


def test_apres_la_coupure_de_toutes_les_connexions_la_page_suivante_repond(serveur: Serveur, tmp_path: Path):
    with (
        Web(tmp_path, fils=FILS, **_variables(serveur.url, tmp_path)) as web,
        ThreadPoolExecutor(FILS) as gens,
    ):
        with psycopg.connect(serveur.url) as verrou:
            verrou.execute("LOCK TABLE editorial_rubriquefaq IN ACCESS EXCLUSIVE MODE")
            demandes = [gens.submit(lire, web.port, PAGE) for _ in range(FILS)]
            web.attendre(lambda: _pages(serveur, "wait_event_type = 'Lock'") == FILS)
            _couper(serveur)  # in the middle of what they ask
            for demande in demandes:
                demande.result()
        web.attendre(lambda: _pages(serveur, "state = 'idle'") >= FILS)  # opened anew
        _couper(serveur)  # all those that wait in the pool
        assert lire(web.port, PAGE)[0] == 200
        serveur.relancer()
        assert lire(web.port, PAGE)[0] == 200


def _pages(serveur: Serveur, condition: str) -> int:
    """How many connections of the pages are in this state."""
    requete = (
        f"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segurnum-pages' AND {condition}"
    )
    return int(serveur.lire(requete))


def _couper(serveur: Serveur) -> None:
    serveur.lire(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'segurnum-pages'"
    )


def test_un_serveur_de_secours_promu_est_suivi_par_les_pages_et_les_ouvriers(
    serveur: Serveur, tmp_path: Path
):
    with secours_de(serveur) as secours:
        adresse = deux_adresses(serveur.url, secours)
        with (
            Web(tmp_path, **_variables(adresse, tmp_path)) as web,
            _ouvrier(adresse, tmp_path) as ouvrier,
        ):
            assert lire(web.port, PAGE)[0] == 200
            ouvrier.attendre(lambda: _un_ouvrier_bat(secours))  # it has followed this far
            serveur.arreter_net()
            lire_la_base(secours, "SELECT pg_promote()")
            assert lire(web.port, PAGE)[0] == 200
            tache = _confier(secours, "entretien.sessions", timestamp=0)
            ouvrier.attendre(lambda: _etat(secours, tache) == "succeeded")
        sauver = [*SEGURNUM, "sauvegarder", str(tmp_path / "sauvegardes"), "--en-clair"]
        env = environnement() | _variables(adresse, tmp_path)
        faite = subprocess.run(sauver, env=env, capture_output=True, text=True, check=False)
        assert (faite.returncode, faite.stderr) == (0, "")
