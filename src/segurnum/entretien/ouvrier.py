"""A worker that outlives its database. It stops for two reasons: it is asked to (0), or it gave up (1)."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.utils import utcnow
from procrastinate.worker import Worker

from segurnum.entretien.connecteur import Connecteur, Coupure, reserve
from segurnum.installation.indisponibilites import noter
from segurnum.pannes import Partie, partie_en_panne
from segurnum.regles.calendrier import Panne

journal = logging.getLogger(__name__)

ARRETE, RENONCE = 0, 1
VIE_SAINE = 60.0  # seconds; who dies younger leaves it to what revives processes, which has its own back-off
RONDE = 10.0  # seconds between two looks at what the queue believes of this worker


class OuvrierMuet(Exception):
    """The queue no longer hears this worker: its side tasks died, or its row was taken away."""


def travailler(nom: str, files: Sequence[str]) -> int:
    """Run the jobs of these queues until SIGTERM or SIGINT. Returns the exit status."""
    return asyncio.run(_travailler(nom, files))


async def _travailler(nom: str, files: Sequence[str]) -> int:
    arret = asyncio.Event()
    for numero in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(numero, arret.set)
    coupure = Coupure(patience=settings.PATIENCE_D_UN_OUVRIER, arret=arret, dire=_noter)
    while True:
        debut = monotonic()
        try:
            await vivre(nom, files, coupure)
        except Exception as erreur:
            if not arret.is_set() and partie_en_panne(erreur) is None:
                journal.exception("L'ouvrier « %s » s'est arrêté sans qu'on le lui demande.", nom)
        if arret.is_set():
            return ARRETE
        if coupure.epuisee or monotonic() - debut < VIE_SAINE:
            journal.critical("L'ouvrier « %s » renonce ; ses tâches seront reprises par d'autres.", nom)
            return RENONCE
        await coupure.souffler()


def _noter(panne: Panne) -> None:
    """In a thread of its own, whose connection nobody else would give back."""
    try:
        noter(partie=Partie.BASE, panne=panne)
    finally:
        connections.close_all()


async def vivre(nom: str, files: Sequence[str], coupure: Coupure) -> None:
    """One registration in the queue, until asked to stop. Raises what ended it before: the next has another number.

    The jobs of a former number are those of a worker that is gone: `entretien.reprendre` gives them back.
    """
    async with reserve() as connexions:
        with app.replace_connector(Connecteur(coupure, app.connector)):
            async with app.open_async(connexions):
                await _vivre(nom, files, coupure)


async def _vivre(nom: str, files: Sequence[str], coupure: Coupure) -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    en_cours: set[int | None] = set()
    options: dict[str, Any] = {
        **app.worker_defaults,
        "name": nom,
        "queues": list(files),
        "install_signal_handlers": False,
        "additional_context": {"coupure": coupure},
        "worker_middleware": [_suivre(en_cours)],
    }
    ouvrier = Worker(app=app, **options)
    course = asyncio.create_task(ouvrier.run())  # type: ignore[no-untyped-call]
    veille = asyncio.create_task(_veiller(ouvrier, en_cours, coupure))
    arret = asyncio.create_task(coupure.arret.wait())
    await asyncio.wait({course, veille, arret}, return_when=asyncio.FIRST_COMPLETED)
    demande = coupure.arret.is_set()
    ouvrier.stop()  # type: ignore[no-untyped-call]
    try:
        await course  # until the jobs under way have ended
    finally:
        for tache in (veille, arret):
            tache.cancel()
        fautes = await asyncio.gather(veille, arret, return_exceptions=True)
    if not demande:
        raise next((f for f in fautes if isinstance(f, Exception)), OuvrierMuet("une tâche annexe est morte"))


def _suivre(en_cours: set[int | None]) -> Callable[..., Awaitable[Any]]:
    """procrastinate calls this around each job: it tells which ones are really being run."""

    async def autour(suite: Callable[[], Awaitable[Any]], contexte: JobContext, _ouvrier: Worker) -> Any:
        en_cours.add(contexte.job.id)
        try:
            return await suite()
        finally:
            en_cours.discard(contexte.job.id)

    return autour


async def _veiller(ouvrier: Worker, en_cours: set[int | None], coupure: Coupure) -> None:
    """From time to time, compare what the queue believes of this worker with what it does. Raises OuvrierMuet."""
    perdues: dict[int, float] = {}
    while True:
        await asyncio.sleep(RONDE)
        if ouvrier.worker_id is None:
            continue
        if not await _bat(ouvrier.worker_id) and not coupure.recente(settings.SILENCE_D_UN_OUVRIER):
            raise OuvrierMuet("la file ne l'entend plus")
        perdues = await rendre_les_perdues(ouvrier.worker_id, en_cours, perdues)


async def _bat(worker_id: int) -> bool:
    lignes = await app.connector.execute_query_all_async(
        "SELECT 1 AS bat FROM procrastinate_workers "
        "WHERE id = %(id)s AND last_heartbeat > now() - %(silence)s * interval '1 second'",
        id=worker_id,
        silence=settings.SILENCE_D_UN_OUVRIER,
    )
    return bool(lignes)


async def rendre_les_perdues(
    worker_id: int, en_cours: set[int | None], vues: dict[int, float]
) -> dict[int, float]:
    """Give back the jobs that the queue believes this worker runs, and that it has not run for a while.

    A cut hides the answer to « give me a job », or to « it is done »: such a job would wait for this worker for ever.
    `vues`: since when (monotonic seconds) each was seen so. Returns those that are still watched.
    """
    siennes = await app.job_manager.list_jobs_async(status="doing", worker_id=worker_id)
    suspectes = {tache.id: tache for tache in siennes if tache.id and tache.id not in en_cours}
    restent = {cle: vues.get(cle, monotonic()) for cle in suspectes}
    for cle, depuis in list(restent.items()):
        if monotonic() - depuis >= settings.SILENCE_D_UN_OUVRIER:
            journal.warning(
                "Tâche %s (%s) rendue : une coupure l'a fait perdre.", cle, suspectes[cle].task_name
            )
            await app.job_manager.retry_job_by_id_async(cle, retry_at=utcnow())
            del restent[cle]
    return restent
