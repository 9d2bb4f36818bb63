"""A connection that serves is alive, answers, and leads to a server that may be written on."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from segurnum.base.connexion import Connexion, examiner
from segurnum.pannes import Partie, partie_en_panne


@pytest.fixture
def lien(transactional_db: None) -> Iterator[Connexion]:
    parametres = connection.get_connection_params() | {"autocommit": True}
    with Connexion.connect(**parametres) as lien:
        yield lien


def test_une_connexion_qui_sert_passe_l_examen(lien: Connexion):
    examiner(lien)
    assert not lien.closed


def test_un_serveur_muet_ne_retient_personne(lien: Connexion):
    lien.borne = 0.2
    with pytest.raises(psycopg.OperationalError) as silence:
        lien.execute("SELECT pg_sleep(3)")
    assert partie_en_panne(silence.value) is Partie.BASE
    assert lien.closed


def test_une_connexion_a_un_serveur_en_lecture_seule_est_jetee(lien: Connexion):
    lien.execute("SET default_transaction_read_only = on")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction) as refus:
        examiner(lien)
    assert partie_en_panne(refus.value) is Partie.BASE
    assert lien.closed
