"""What makes the state of an installation speak; the three addresses, which never wait long."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from segurnum.base.postgresql.base import DatabaseWrapper
from segurnum.courriels.models import Courriel
from segurnum.fichiers.models import Fichier
from segurnum.installation import mesure, sante
from segurnum.installation.jugement import Constat, Controle, Etat, conforme
from segurnum.lanceur.ouvriers import FILES
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db


def _executer(ordre: str, *parametres: Any) -> None:
    with connection.cursor() as curseur:
        curseur.execute(ordre, parametres)


@pytest.fixture
def en_marche(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.DONNEES = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "televersements"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    settings.STORAGES = {**settings.STORAGES}
    _executer("UPDATE django_migrations SET applied = now()")
    _executer("INSERT INTO procrastinate_workers DEFAULT VALUES")
    return tmp_path


def _rouges() -> dict[str, str]:
    constats = {controle.code: controle.executer() for controle in sante.toutes()}
    fautes = {code: constat for code, constat in constats.items() if constat.etat is Etat.A_CORRIGER}
    assert all(constat.remede for constat in fautes.values())
    return {code: constat.texte for code, constat in fautes.items()}


def _tache(nom: str, file: str, minutes: float, etat: str = "todo") -> None:
    """A job that was put in the queue some minutes ago, and what became of it since."""
    _executer(
        "WITH j AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
        "VALUES (%s, %s, %s::procrastinate_job_status) RETURNING id) "
        "INSERT INTO procrastinate_events (job_id, type, at) "
        "SELECT id, %s::procrastinate_job_event_type, now() - %s * interval '1 minute' FROM j",
        file,
        nom,
        etat,
        "failed" if etat == "failed" else "deferred",
        minutes,
    )


def _aucun_ouvrier(dossier: Path) -> None:
    _executer("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")


def _file_abandonnee(dossier: Path) -> None:
    """A worker lives, and serves another queue."""
    _tache("installation.passer_archives", "archives", 11)


def _tache_en_retard(dossier: Path) -> None:
    _executer(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) "
        "VALUES ('courriels', 'courriels.expedier', now() - interval '11 minutes')"
    )


def _tache_en_echec(dossier: Path) -> None:
    _tache("demandes.balayer", "entretien", 60, "failed")


def _tache_reprise_sans_fin(dossier: Path) -> None:
    _tache("depots.controler_archive", "archives", 5)
    _executer("UPDATE procrastinate_jobs SET attempts = 21, scheduled_at = now() + interval '5 minutes'")


def _tache_reprise_depuis_plus_d_une_heure(dossier: Path) -> None:
    _tache("depots.controler_archive", "archives", 61)
    _executer("UPDATE procrastinate_jobs SET attempts = 3, scheduled_at = now() + interval '5 minutes'")


def _jamais_tourne(dossier: Path) -> None:
    _executer("UPDATE django_migrations SET applied = now() - interval '2 days'")


def _courriel_en_souffrance(dossier: Path) -> None:
    depuis = maintenant() - timedelta(hours=2)
    Courriel.objects.create(
        code="01",
        objet="O",
        corps="C",
        destinataire="a@b.example",
        cree_le=depuis,
        a_remettre_le=depuis,
        attendu_depuis=depuis,
    )


def _stockage_absent(dossier: Path) -> None:
    Fichier.objects.create(empreinte="0" * 64, taille=1)


def _televersements_absents(dossier: Path) -> None:
    (dossier / "televersements").rmdir()


def _televersements_a_la_place_d_un_dossier(dossier: Path) -> None:
    _televersements_absents(dossier)
    (dossier / "televersements").touch()


@pytest.mark.parametrize(
    ("abimer", "code", "dit"),
    [
        (_aucun_ouvrier, "ouvriers", "Aucun ouvrier"),
        (_file_abandonnee, "files", "La file « archives » a 1 tâche à faire, dont l'une attend depuis 11"),
        (_tache_en_retard, "files", "La file « courriels »"),
        (_tache_en_echec, "echecs", "« demandes.balayer » a échoué 1 fois"),
        (_tache_reprise_sans_fin, "echecs", "recommence sans aboutir : 1 tâche, 21 essais"),
        (_tache_reprise_depuis_plus_d_une_heure, "echecs", "recommence sans aboutir : 1 tâche, 3 essais"),
        (_jamais_tourne, "periodiques", "« installation.verifier_journal » n'a jamais tourné"),
        (_courriel_en_souffrance, "courriels-en-attente", "1 courriel à envoyer"),
        (_stockage_absent, "stockage-repond", "vide ou absent"),
        (_televersements_absents, "disques", "est absent"),
        (_televersements_a_la_place_d_un_dossier, "disques", "n'est pas un dossier"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_seul_avec_son_remede(
    abimer: Callable[[Path], None], code: str, dit: str, en_marche: Path
) -> None:
    assert _rouges() == {}
    abimer(en_marche)
    assert dit in _rouges()[code]
    assert list(_rouges()) == [code]


def test_ce_qui_attend_son_heure_ou_n_est_echu_de_peu_ne_se_dit_pas(en_marche: Path) -> None:
    _tache("courriels.expedier", "courriels", 5)
    _tache("demandes.balayer", "entretien", 25 * 60, "failed")
    _executer(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) "
        "VALUES ('archives', 'depots.controler_archive', now() + interval '5 minutes')"
    )
    assert _rouges() == {}


def test_une_tache_periodique_a_l_heure_ne_se_dit_pas_et_en_retard_si(en_marche: Path) -> None:
    _jamais_tourne(en_marche)
    for tache, identifiant in app.periodic_registry.periodic_tasks:
        _executer(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) "
            "VALUES (%s, %s, extract(epoch FROM now())::bigint)",
            tache,
            identifiant,
        )
    assert _rouges() == {}
    _executer("UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - 90000")
    assert "« entretien.reprendre » n'a pas tourné à son heure" in _rouges()["periodiques"]


def test_un_disque_presque_plein_se_dit(en_marche: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(dossier: Path) -> Any:
        libre = 49 if dossier.name == "televersements" else 500
        return SimpleNamespace(f_bavail=libre, f_blocks=1000, f_favail=900, f_files=1000)

    monkeypatch.setattr(os, "statvfs", plein)
    assert _rouges() == {"disques": f"{en_marche / 'televersements'} : 4.9 % du disque est libre."}


def test_un_disque_remonte_en_lecture_seule_se_dit(en_marche: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ouvert = os.access
    interdit = en_marche / "televersements"

    def acces(dossier: Path, droits: int) -> bool:
        return ouvert(dossier, droits) and not (dossier == interdit and droits & os.W_OK)

    monkeypatch.setattr(os, "access", acces)
    assert list(_rouges()) == ["disques"]
    assert f"{interdit} : le portail n'a pas le droit d'y écrire" in _rouges()["disques"]


def test_une_tache_de_chaque_minute_passe_par_chaque_file() -> None:
    chaque_minute = {
        periodique.task.queue
        for periodique in app.periodic_registry.periodic_tasks.values()
        if periodique.cron == "* * * * *"
    }
    assert chaque_minute == {file for files in FILES.values() for file in files}


def test_l_etat_coute_autant_de_requetes_quoi_qu_il_attende(en_marche: Path) -> None:
    with CaptureQueriesContext(connection) as vide:
        _rouges()
    for rang in range(20):
        _tache(f"tache{rang}", f"file{rang}", 30)
        _tache(f"tache{rang}", "archives", 30, "failed")
    with CaptureQueriesContext(connection) as charge:
        _rouges()
    assert len(charge) == len(vide)


# --- The addresses


@pytest.fixture
def adresses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Puts another probe in the place of a group; each question is asked anew."""
    settings.SONDES_DUREE = 0
    for groupe in sante.SONDES:
        monkeypatch.setitem(sante.SONDES, groupe, (Controle(groupe, groupe, lambda: conforme("ok")),))

    def poser(groupe: str, executer: Any) -> None:
        monkeypatch.setitem(sante.SONDES, groupe, (Controle(groupe, groupe, executer),))

    return poser


def _lire(chemin: str) -> tuple[int, dict[str, str]]:
    reponse = Client().get(chemin)
    return reponse.status_code, reponse.json()


OK, PANNE = (200, {"statut": "ok"}), (503, {"statut": "panne"})


def _en_panne() -> Constat:
    raise OSError("secret de la machine")


def test_la_sonde_ne_dit_aux_passants_que_si_tout_va(adresses: Any) -> None:
    assert _lire("/sante") == OK
    adresses("stockage", _en_panne)
    assert _lire("/sante") == PANNE
    assert (_lire("/pret"), _lire("/vivant")) == (OK, OK)


def test_une_sonde_que_le_mandataire_redemande_sans_cesse_ne_remplit_pas_le_journal(
    adresses: Any, caplog: pytest.LogCaptureFixture
) -> None:
    adresses("stockage", _en_panne)
    assert _lire("/sante") == PANNE
    assert not caplog.records


def test_sans_base_le_processus_vit_et_n_est_pas_pret(adresses: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sante, "BASE", Controle("base", "base", _en_panne))
    assert (_lire("/pret"), _lire("/vivant")) == (PANNE, OK)


@pytest.mark.django_db(transaction=True)
def test_des_pages_qui_tiennent_toutes_les_connexions_ne_sont_pas_une_panne(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SONDES_DUREE = 0
    connection.close()
    monkeypatch.setattr(mesure, "DELAI", 30.0)
    moteur = connections["default"]
    assert isinstance(moteur, DatabaseWrapper)
    reserve = moteur.pool
    assert reserve is not None
    tenues = [reserve.getconn() for _ in range(reserve.max_size)]
    try:
        assert mesure.prete()
        base = next(sonde for sonde in mesure.etat() if sonde.controle.code == "base")
        assert base.en_marche
    finally:
        for tenue in tenues:
            reserve.putconn(tenue)


def test_les_sondes_repondent_sans_session_ni_nom_connu_ni_tls(adresses: Any, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(SERVER_NAME="10.0.0.7")
    client.cookies["sessionid"] = "a" * 32
    for chemin in ("/vivant", "/pret", "/sante"):
        reponse = client.get(chemin)
        assert (reponse.status_code, reponse.cookies.output()) == (200, "")
        assert "no-store" in reponse["Cache-Control"]
        assert Client().post(chemin).status_code == 405


def test_une_partie_qui_ne_repond_plus_n_est_attendue_que_par_un_fil(
    adresses: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendue, demandes = threading.Event(), []

    def pendue() -> Constat:
        demandes.append(1)
        rendue.wait()
        return conforme("revenue")

    monkeypatch.setattr(mesure, "DELAI", 0.05)
    adresses("stockage", pendue)
    assert [_lire("/sante") for _ in range(3)] == [PANNE] * 3
    assert len(demandes) == 1
    rendue.set()
    mesure._MESURES["stockage"].commencer().finie.wait()
    monkeypatch.setattr(mesure, "DELAI", 30.0)
    assert _lire("/sante") == OK


def test_une_reponse_sert_a_tous_ceux_qui_demandent_a_la_fois(adresses: Any, settings: Any) -> None:
    demandes: list[int] = []

    def compter() -> Constat:
        demandes.append(1)
        return conforme("ok")

    adresses("stockage", compter)
    _lire("/sante")
    settings.SONDES_DUREE = 3600
    for _ in range(20):
        assert _lire("/sante") == OK
    assert len(demandes) <= 2


def test_les_details_de_la_sonde_demandent_le_jeton(adresses: Any, settings: Any) -> None:
    for jeton, porte in (
        ("", "Bearer "),
        ("", ""),
        ("jeton", "Bearer autre"),
        ("jeton", "jeton"),
        ("jeton", "Bearer é"),
    ):
        settings.JETON_SANTE = jeton
        assert Client().get("/sante/details", headers={"Authorization": porte}).status_code == 404
    settings.JETON_SANTE = "jeton"
    adresses("stockage", _en_panne)
    reponse = Client().get("/sante/details", headers={"Authorization": "Bearer jeton"})
    assert reponse.status_code == 503
    assert reponse.json()["base"] | {"ms": 0} == {"etat": "ok", "detail": "ok", "remede": "", "ms": 0}
    assert reponse.json()["stockage"]["etat"] == "panne"
    assert "secret" not in reponse.content.decode()


def test_un_fil_qui_ne_part_pas_n_arrete_pas_la_sonde_pour_toujours(monkeypatch: pytest.MonkeyPatch) -> None:
    sonde = mesure.Mesure(lambda: [])

    def sans_place(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as plein:
        plein.setattr(threading.Thread, "start", sans_place)
        assert sonde.commencer().attendre() is None
    assert sonde.commencer().attendre() == []


def test_une_connexion_qui_se_rend_mal_ne_fait_pas_taire_la_sonde(monkeypatch: pytest.MonkeyPatch) -> None:
    sonde = mesure.Mesure(lambda: [])

    def casser() -> None:
        raise ValueError("cette connexion n'est pas de cette réserve")

    monkeypatch.setattr(connections, "close_all", casser)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    assert sonde.commencer().attendre() == []
