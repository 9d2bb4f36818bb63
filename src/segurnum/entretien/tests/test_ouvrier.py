"""What a worker does with an outage, and with the jobs that one made it lose."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from pytest_django import Settings

from segurnum.entretien import ouvrier, tasks
from segurnum.entretien.connecteur import Connecteur, Coupure, reserve
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles.calendrier import EtatFenetre, Panne, maintenant
from segurnum.regles.cycles import TypeDemande


def _coupee() -> ConnectorException:
    erreur = ConnectorException()
    erreur.__cause__ = psycopg.OperationalError("server closed the connection")
    return erreur


def _geste(*fautes: Exception) -> Callable[[], Awaitable[str]]:
    """It fails in each of these ways, then succeeds."""
    restent = list(fautes)

    async def geste() -> str:
        if restent:
            raise restent.pop(0)
        return "fait"

    return geste


def _surmonter(geste: Callable[[], Awaitable[str]], *, patience: float = 60, arret: bool = False) -> str:
    async def essayer() -> str:
        evenement = asyncio.Event()
        if arret:
            evenement.set()
        return await Coupure(patience=patience, arret=evenement).surmonter(geste)

    return asyncio.run(essayer())


def test_une_coupure_est_attendue_et_dite_une_fois(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, "segurnum.entretien.connecteur"):
        assert _surmonter(_geste(_coupee(), _coupee())) == "fait"
    assert [message[:20] for message in caplog.messages] == ["La base ne répond pl", "La base répond de no"]
    assert "server closed the connection" in caplog.messages[0]


def test_une_coupure_finie_se_rapporte_avec_ses_heures_et_ne_fait_rien_perdre(horloge: Horloge) -> None:
    """Deadlines that it cut are put off by what it is told to; whether or not that works, the queue goes on."""
    rapportees: list[Panne] = []

    def dire(panne: Panne) -> None:
        rapportees.append(panne)
        raise _coupee()

    async def essayer() -> tuple[str, str]:
        coupure = Coupure(patience=60, arret=asyncio.Event(), dire=dire)
        coupure.constater(_coupee())
        horloge.avancer(minutes=10)
        return await coupure.surmonter(_geste()), await coupure.surmonter(_geste())

    debut = maintenant()
    assert asyncio.run(essayer()) == ("fait", "fait")
    (panne,) = rapportees
    assert panne.debut == panne.recu_le >= debut
    assert panne.fin - panne.debut >= timedelta(minutes=10)


@pytest.mark.django_db(transaction=True)
def test_un_ouvrier_reporte_ce_qu_une_panne_de_la_base_a_coupe() -> None:
    fermeture = maintenant() - timedelta(minutes=5)
    usines.fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE, fermeture=fermeture)
    debut = fermeture - timedelta(minutes=5)
    asyncio.run(asyncio.to_thread(ouvrier._noter, Panne(debut, maintenant(), debut)))
    dans_une_heure = maintenant() + timedelta(minutes=59)
    assert FenetreDepot.objects.get().en_regle().etat(dans_une_heure) is EtatFenetre.OUVERTE


@pytest.mark.parametrize(
    ("faute", "reglages"),
    [
        (_coupee(), {"patience": 0}),
        (_coupee(), {"arret": True}),
        (ConnectorException("faute du programme"), {}),
    ],
    ids=["patience épuisée", "arrêt demandé", "autre chose qu'une coupure"],
)
def test_ce_qui_ne_s_attend_pas_est_dit_aussitot(faute: Exception, reglages: dict[str, Any]):
    with pytest.raises(ConnectorException):
        _surmonter(_geste(faute), **reglages)


def _avec_la_file(geste: Callable[[], Awaitable[object]]) -> object:
    """The gesture, with the connections that a worker has to its queue."""

    async def faire() -> object:
        coupure = Coupure(patience=0, arret=asyncio.Event())
        async with reserve() as connexions:
            with app.replace_connector(Connecteur(coupure, app.connector)):
                async with app.open_async(connexions):
                    return await geste()

    return asyncio.run(faire())


@pytest.mark.django_db(transaction=True)
def test_ce_qu_une_tache_confie_a_la_file_suit_sa_transaction():
    """A mail that a job queues must not be looked for by another worker before its row is there."""

    class Renonce(Exception):
        pass

    def tache() -> None:
        with suppress(Renonce), transaction.atomic():
            app.configure_task("courriels.expedier", queue="courriels").defer(courriels=[-97])
            raise Renonce
        connection.close()

    _avec_la_file(lambda: asyncio.to_thread(tache))
    assert _valeur("SELECT count(*) FROM procrastinate_jobs WHERE args->>'courriels' = '[-97]'") == 0


@pytest.mark.django_db(transaction=True)
def test_une_tache_dont_la_reponse_s_est_perdue_est_rendue_a_la_file(settings: Settings):
    numero = _valeur("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    perdue, faite = (
        _valeur(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
            "VALUES ('archives', 'essai', 'doing', %s) RETURNING id",
            numero,
        )
        for _ in range(2)
    )

    async def veiller() -> None:
        vues = await ouvrier.rendre_les_perdues(numero, {faite}, {})
        assert set(vues) == {perdue}  # it may just have ended: it is looked at again
        settings.SILENCE_D_UN_OUVRIER = 0
        assert await ouvrier.rendre_les_perdues(numero, {faite}, vues) == {}

    _avec_la_file(veiller)
    assert [
        _valeur("SELECT status FROM procrastinate_jobs WHERE id = %s", cle) for cle in (perdue, faite)
    ] == [
        "todo",
        "doing",
    ]
    _valeur("DELETE FROM procrastinate_jobs RETURNING 1")
    _valeur("DELETE FROM procrastinate_workers RETURNING 1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("coupure", [True, False], ids=["après une coupure", "sans coupure"])
def test_apres_une_coupure_personne_n_est_pris_pour_mort_avant_d_avoir_pu_parler(coupure: bool):
    numero = _valeur(
        "INSERT INTO procrastinate_workers VALUES (DEFAULT, now() - interval '1 minute') RETURNING id"
    )
    tache = _valeur(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
        "VALUES ('archives', 'essai', 'doing', %s) RETURNING id",
        numero,
    )

    async def reprendre() -> None:
        vue = Coupure(patience=60, arret=asyncio.Event())
        if coupure:
            vue.constater(_coupee())
        contexte = SimpleNamespace(app=app, additional_context={"coupure": vue})
        await tasks.reprendre_les_taches_abandonnees.func(contexte, timestamp=0)  # type: ignore[arg-type]

    _avec_la_file(reprendre)
    etat = _valeur("SELECT status FROM procrastinate_jobs WHERE id = %s", tache)
    assert etat == ("doing" if coupure else "todo")
    _valeur("DELETE FROM procrastinate_jobs RETURNING 1")
    _valeur("DELETE FROM procrastinate_workers RETURNING 1")


@pytest.mark.django_db(transaction=True)
def test_un_ouvrier_que_la_file_n_entend_plus_le_sait(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ouvrier, "RONDE", 0)

    async def veiller() -> None:
        oublie = SimpleNamespace(worker_id=-1)
        await ouvrier._veiller(oublie, set(), Coupure(patience=60, arret=asyncio.Event()))  # type: ignore[arg-type]

    with pytest.raises(ouvrier.OuvrierMuet):
        _avec_la_file(veiller)


def _valeur(requete: str, *parametres: int) -> Any:
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        ligne = curseur.fetchone()
    return ligne[0] if ligne else 0
