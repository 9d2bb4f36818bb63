"""Several people at once, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def ensemble(*gestes: Callable[[], Any]) -> list[Any]:
    """Start all the gestures at the same instant; each answers its result, or the exception that it raised."""
    depart = Barrier(len(gestes))

    def lancer(geste: Callable[[], Any]) -> Any:
        depart.wait(timeout=10)
        try:
            return geste()
        except Exception as erreur:
            return erreur
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(lancer, gestes))


def attendre_qu_un_autre_attende() -> None:
    """Until PostgreSQL says that another session of this database waits for a lock."""
    with connection.cursor() as curseur:
        for _ in range(5_000):
            curseur.execute(
                "SELECT count(*), pg_sleep(0.001) FROM pg_locks WHERE NOT granted "
                "AND (database IS NULL OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
            )
            if curseur.fetchone()[0]:
                return
    raise AssertionError("personne n'attend son tour")
