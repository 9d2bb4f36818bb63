"""How a worker speaks to its queue: an outage of the database is waited for, and nothing that it had to say is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any, LiteralString, TypeVar

from procrastinate.connector import BaseConnector, Notify
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import AsyncConnectionPool

from segurnum.base.connexion import examiner_async
from segurnum.installation.sommes import FILE
from segurnum.pannes import Partie, partie_en_panne
from segurnum.regles import calendrier
from segurnum.regles.calendrier import Panne

journal = logging.getLogger(__name__)

T = TypeVar("T")
ATTENTE_MAX = 15.0  # seconds: a base that is back is seen soon
OBTENIR = 5.0  # seconds that a connection is waited for
MUETTE = 60.0  # seconds after which a query of the queue, which takes a millisecond, has no answer


class Coupure:
    """The outage of the database, if there is one, as a worker sees it: told once, waited for, given up in the end."""

    def __init__(
        self, *, patience: float, arret: asyncio.Event, dire: Callable[[Panne], None] = lambda _panne: None
    ) -> None:
        self.patience, self.arret, self.dire = patience, arret, dire
        self.debut: float | None = None
        self._depuis = calendrier.maintenant()
        self._fin: float | None = None

    async def surmonter(self, geste: Callable[[], Awaitable[T]]) -> T:
        """The result of the gesture, begun again until the base answers. Raises its error when asked to stop, or tired.

        The answer to a gesture that was done may be lost: it is then done twice.
        """
        while True:
            try:
                async with asyncio.timeout(MUETTE):
                    resultat = await geste()
            except Exception as erreur:
                if not _perdue(erreur) or self.arret.is_set():
                    raise
                self.constater(erreur)
                if self.epuisee:
                    raise
                await self.souffler()
            else:
                await self._finir()
                return resultat

    def constater(self, erreur: Exception) -> None:
        if self.debut is None:
            self.debut, self._depuis = monotonic(), calendrier.maintenant()
            journal.warning("La base ne répond plus à cet ouvrier, qui l'attend : %s", _raison(erreur))

    @property
    def epuisee(self) -> bool:
        return self.debut is not None and monotonic() - self.debut >= self.patience

    def recente(self, duree: float) -> bool:
        """Whether it lasts, or ended less than so many seconds ago: who was silent meanwhile may be alive."""
        return self.debut is not None or (self._fin is not None and monotonic() - self._fin < duree)

    async def souffler(self) -> None:
        """As long again as it has lasted, within bounds, or until asked to stop."""
        age = monotonic() - self.debut if self.debut is not None else 0.0
        with suppress(TimeoutError):
            async with asyncio.timeout(min(ATTENTE_MAX, max(0.5, age))):
                await self.arret.wait()

    async def _finir(self) -> None:
        """Say it to the log, and to `dire`, once: others have met it too, and say it if this does not get through."""
        if self.debut is None:
            return
        self._fin = monotonic()
        journal.warning("La base répond de nouveau à cet ouvrier, après %.0f s.", self._fin - self.debut)
        self.debut = None
        panne = Panne(self._depuis, calendrier.maintenant(), self._depuis)
        try:
            await asyncio.to_thread(self.dire, panne)
        except Exception as erreur:
            journal.warning("Cet ouvrier n'a pas pu noter la panne : %s", _raison(erreur))


def _perdue(erreur: Exception) -> bool:
    return isinstance(erreur, TimeoutError) or partie_en_panne(erreur) is Partie.BASE


def _raison(erreur: BaseException) -> str:
    while erreur.__cause__ is not None:
        erreur = erreur.__cause__
    return " ".join(str(erreur).split()) or type(erreur).__name__


class Connecteur(PsycopgConnector):
    """procrastinate's own, which waits. What the jobs queue goes by their own connection, in its transaction."""

    def __init__(self, coupure: Coupure, des_taches: BaseConnector) -> None:
        super().__init__()
        self.coupure, self.des_taches = coupure, des_taches

    def get_sync_connector(self) -> BaseConnector:
        return self.des_taches

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await self.coupure.surmonter(lambda: super(Connecteur, self).execute_query_async(query, **arguments))

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        return await self.coupure.surmonter(
            lambda: super(Connecteur, self).execute_query_one_async(query, **arguments)
        )

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        return await self.coupure.surmonter(
            lambda: super(Connecteur, self).execute_query_all_async(query, **arguments)
        )

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Jobs are heard of sooner by this, and read every two seconds anyway: its outages are not told."""
        canaux = tuple(channels)
        while True:
            with suppress(ConnectorException):
                await super().listen_notify(on_notification, canaux)
            await asyncio.sleep(OBTENIR)


def reserve() -> AsyncConnectionPool[Any]:
    """The connections of a worker to its queue, to be opened by `async with`."""
    return AsyncConnectionPool(
        kwargs=connector_params(),
        min_size=1,
        max_size=FILE,
        open=False,
        check=examiner_async,
        timeout=OBTENIR,
        reconnect_timeout=OBTENIR,
    )
