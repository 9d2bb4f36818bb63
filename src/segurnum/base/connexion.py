"""What a pooled connection must be to serve: alive, answering, on a server that may be written on."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen
from psycopg_pool import AsyncConnectionPool, ConnectionPool

EXAMEN = 3.0  # seconds that a connection has to say that it lives, before it is used
_PAS = 0.1  # seconds between two looks at what interrupts


class Connexion(psycopg.Connection[Any]):
    """A connection whose server may fall silent: what it is asked ends anyway.

    The server bounds its own queries; nobody but us bounds a server that is frozen, whose machine still acknowledges.
    """

    borne: float | None = None  # seconds for each query; None: as long as it takes

    def wait(self, gen: PQGen[RV], interval: float = _PAS, timeout: float | None = None) -> RV:
        if timeout is not None or self.borne is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.borne)
        except errors._WaitTimeout as silence:
            self.close()
            raise psycopg.OperationalError(
                f"the server said nothing for {self.borne:.0f} seconds"
            ) from silence


def lecture_seule(connexion: psycopg.BaseConnection[Any]) -> bool:
    """Whether the server said that nothing may be written: a standby, or one that was put aside. Asks it nothing."""
    return any(
        connexion.info.parameter_status(nom) == "on"
        for nom in ("in_hot_standby", "default_transaction_read_only")
    )


def examiner(connexion: Connexion) -> None:
    """Let a connection serve, or throw it away. Raises psycopg.OperationalError.

    Where one was cut, the others were too: the pool looks at all of them at once, rather than one by page.
    """
    reserve: ConnectionPool[Any] | None = getattr(connexion, "_pool", None)
    borne, connexion.borne = connexion.borne, EXAMEN
    try:
        ConnectionPool.check_connection(connexion)
    except psycopg.Error as faute:
        if reserve is not None and not isinstance(faute.__cause__, errors._WaitTimeout):
            reserve.check()
        raise
    finally:
        connexion.borne = borne
    if lecture_seule(connexion):
        connexion.close()
        raise errors.ReadOnlySqlTransaction("the server is read only")


async def examiner_async(connexion: psycopg.AsyncConnection[Any]) -> None:
    """The same for a worker's queue, whose connections are few."""
    await AsyncConnectionPool.check_connection(connexion)
    if lecture_seule(connexion):
        await connexion.close()
        raise errors.ReadOnlySqlTransaction("the server is read only")
