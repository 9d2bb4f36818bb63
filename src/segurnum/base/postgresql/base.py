"""The engine that Django is given: its own, but for the pool."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

from segurnum.base.connexion import Connexion, examiner

SONDES = "sondes"  # the pool of the probes
CONNEXIONS_DES_SONDES = 2  # one for /pret, one for /sante: neither waits for the other


class DatabaseWrapper(base.DatabaseWrapper):
    reserve = DEFAULT_DB_ALIAS  # whose pool it takes from

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        """As Django makes it, with our examination of what it holds: Django's own cannot be replaced by a setting."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        reserves = self._reserves()
        if self.reserve not in reserves:
            reserve = ConnectionPool(
                kwargs=self.get_connection_params() | {"autocommit": True},
                connection_class=Connexion,
                open=False,
                configure=partial(_preparer, self),
                check=examiner,
                **options,
            )
            reserves.setdefault(self.reserve, reserve)  # the first of two threads
        return reserves[self.reserve]

    def close_pool(self) -> None:
        """That of the probes too: what it holds would keep the database from being erased, or its server running."""
        for nom in (DEFAULT_DB_ALIAS, SONDES):
            if (reserve := self._reserves().pop(nom, None)) is not None:
                reserve.close()

    def _reserves(self) -> dict[str, ConnectionPool[Any]]:
        reserves: dict[str, ConnectionPool[Any]] = getattr(self, "_connection_pools")  # noqa: B009 - Django's own
        return reserves


class DesSondes(DatabaseWrapper):
    """The same database, by the pool of the probes."""

    reserve = SONDES


def reserver_aux_sondes() -> None:
    """Give this thread, whatever it asks of the database, the pool of the probes.

    All the connections of the pages held by people who work is no outage: who asks whether the database answers must
    not wait for one of these.
    """
    reglages = connections.settings[DEFAULT_DB_ALIAS]
    options = dict(reglages["OPTIONS"])
    if options.get("pool"):
        options["pool"] = options["pool"] | {"max_size": CONNEXIONS_DES_SONDES}
    connections[DEFAULT_DB_ALIAS] = DesSondes(reglages | {"OPTIONS": options}, DEFAULT_DB_ALIAS)


def _preparer(moteur: DatabaseWrapper, connexion: Connexion) -> None:
    connexion.borne = settings.BASE_MUETTE
    getattr(moteur, "_configure_connection")(connexion)  # noqa: B009
