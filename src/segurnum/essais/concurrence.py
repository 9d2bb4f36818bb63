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
