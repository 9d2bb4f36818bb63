"""Threads, pools and workers add up below what PostgreSQL accepts, and what does not is told."""

import logging

import pytest
from django.core.checks import run_checks
from django.db import DEFAULT_DB_ALIAS, connection
from pytest_django import Settings

from segurnum.base.adresse import Programme
from segurnum.installation import sommes

pytestmark = pytest.mark.django_db


def _accepter(nombre: int) -> None:
    with connection.cursor() as curseur:
        curseur.execute(f"ALTER ROLE CURRENT_USER CONNECTION LIMIT {nombre}")


def test_ce_que_la_documentation_montre_tient_dans_un_postgresql_tel_qu_il_est_installe():
    assert sommes.somme().total <= 100 - 3  # max_connections, less superuser_reserved_connections
    assert sommes.fautes() == []


def test_la_limite_du_role_compte_aussi():
    serveur = sommes.accepte()
    _accepter(7)
    assert sommes.accepte() == 7 < serveur


def test_trop_de_connexions_se_dit_au_demarrage_et_par_le_controle_de_django(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    settings.PROCESSUS_WEB = 8
    attendu = (
        "8 processus web x 20 = 160 ; 2 ouvriers x 6 = 12 ; 5 pour les commandes : 177 connexions au plus"
    )
    (faute,) = sommes.fautes()
    assert faute == f"{attendu} : PostgreSQL n'en accepte que {sommes.accepte()}."
    messages = run_checks(databases=[DEFAULT_DB_ALIAS], tags=["database"])
    assert faute in [message.msg for message in messages]
    monkeypatch.setattr(connection, "close", lambda: None)  # the transaction of the test
    with caplog.at_level(logging.WARNING, "segurnum.installation.sommes"):
        sommes.annoncer()
    assert faute in caplog.text


def test_des_fils_sans_connexion_se_disent(settings: Settings):
    settings.CONNEXIONS = 10
    (faute,) = sommes.fautes()
    assert faute.startswith("Chaque processus web a 32 fils pour 10 connexions")


def test_par_un_repartiteur_les_pages_ne_comptent_plus(settings: Settings):
    settings.PROCESSUS_WEB, settings.BASE_PAR_REPARTITEUR = 8, True
    assert sommes.fautes() == []
    assert "répartiteur" in sommes.detail(sommes.somme())


@pytest.mark.parametrize(("programme", "fautes"), [(Programme.PAGES, 0), (Programme.OUVRIER, 1)])
def test_seules_les_pages_passent_par_un_repartiteur(
    programme: Programme, fautes: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sommes, "repartiteur", lambda: True)
    settings.BASE_PAR_REPARTITEUR, settings.PROGRAMME = True, programme
    assert len(sommes.fautes()) == fautes


def test_sans_repartiteur_le_serveur_qui_repond_est_celui_que_l_on_a_joint():
    assert not sommes.repartiteur()
