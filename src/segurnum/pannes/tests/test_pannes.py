"""What is an outage, and how it is waited for."""

import errno

import psycopg
import pytest
from django.db import InternalError, OperationalError
from procrastinate.jobs import Job

from segurnum.isolement.refus import ControleOccupe, TropDeTravail
from segurnum.pannes import (
    AntivirusIndisponible,
    CourrielIndisponible,
    Partie,
    StockageIndisponible,
    partie_en_panne,
)
from segurnum.pannes.attente import ATTENTE_MAX, ESSAIS_D_UN_ORDRE, Patience, attente


def _depuis(erreur: Exception, cause: Exception) -> Exception:
    erreur.__cause__ = cause
    return erreur


@pytest.mark.parametrize(
    ("erreur", "partie"),
    [
        (OperationalError("server closed the connection"), Partie.BASE),
        (_depuis(InternalError(), psycopg.errors.ReadOnlySqlTransaction()), Partie.BASE),
        (_depuis(InternalError(), psycopg.errors.InFailedSqlTransaction()), None),
        (_depuis(OperationalError(), psycopg.errors.DiskFull()), Partie.BASE),
        (_depuis(OperationalError(), psycopg.errors.ProgramLimitExceeded()), None),
        (psycopg.errors.StatementTooComplex(), None),
        (StockageIndisponible("plus de place"), Partie.FICHIERS),
        (OSError(errno.ENOSPC, "No space left on device"), Partie.FICHIERS),
        (AntivirusIndisponible("muet"), Partie.ANTIVIRUS),
        (CourrielIndisponible("SMTPConnectError 421"), Partie.COURRIEL),
        (_depuis(ValueError("autre"), AntivirusIndisponible("muet")), Partie.ANTIVIRUS),
        (ControleOccupe(), Partie.CONTROLE),
        (TropDeTravail("mémoire"), None),
        (FileNotFoundError(errno.ENOENT, "perdu"), None),
        (ValueError("faute du programme"), None),
    ],
    ids=lambda valeur: valeur.name if isinstance(valeur, Partie) else type(valeur).__name__,
)
def test_une_panne_se_distingue_de_ce_que_le_fichier_ou_le_programme_a_fait(
    erreur: Exception, partie: Partie | None
):
    assert partie_en_panne(erreur) is partie


def test_une_panne_est_attendue_sans_compter_les_essais():
    tache = Job(id=1, queue="archives", lock=None, queueing_lock=None, task_name="essai", attempts=500)
    assert Patience().get_retry_decision(exception=OperationalError(), job=tache) is not None
    assert Patience().get_retry_decision(exception=ValueError(), job=tache) is None


@pytest.mark.parametrize(
    "cause", [psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected]
)
def test_un_ordre_que_le_serveur_arrete_chaque_fois_n_est_pas_essaye_pour_toujours(
    cause: type[psycopg.Error],
):
    erreur = _depuis(OperationalError(), cause())
    assert partie_en_panne(erreur) is Partie.BASE
    for essais, encore in ((0, True), (ESSAIS_D_UN_ORDRE - 1, False), (500, False)):
        tache = Job(id=1, queue="archives", lock=None, queueing_lock=None, task_name="essai", attempts=essais)
        assert (Patience().get_retry_decision(exception=erreur, job=tache) is not None) is encore


def test_l_attente_double_puis_se_stabilise():
    assert [attente(essais) for essais in (0, 1, 2)] == [5, 10, 20]
    assert attente(5_000) == ATTENTE_MAX
