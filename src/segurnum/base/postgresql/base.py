"""The engine that Django is given: its own, but for the pool."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

from segurnum.base.connexion import Connexion, examiner


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> ConnectionPool[Any] | None:
        """As Django makes it, with our examination of what it holds: Django's own cannot be replaced by a setting."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        reserves: dict[str, ConnectionPool[Any]] = getattr(self, "_connection_pools")  # noqa: B009 - Django's own
        if self.alias not in reserves:
            reserve = ConnectionPool(
                kwargs=self.get_connection_params() | {"autocommit": True},
                connection_class=Connexion,
                open=False,
                configure=partial(_preparer, self),
                check=examiner,
                **options,
            )
            reserves.setdefault(self.alias, reserve)  # the first of two threads
        return reserves[self.alias]


def _preparer(moteur: DatabaseWrapper, connexion: Connexion) -> None:
    connexion.borne = settings.BASE_MUETTE
    getattr(moteur, "_configure_connection")(connexion)  # noqa: B009
