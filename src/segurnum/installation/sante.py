"""Whether a deposit would go through from end to end: the base, the queue and its workers, the store."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import connection


@dataclass(frozen=True)
class Sonde:
    """What a part answered, and in how long (milliseconds)."""

    nom: str
    en_marche: bool
    detail: str
    duree: float


def sonder() -> list[Sonde]:
    """Ask each part. None of them stops the others from being asked."""
    return [_sonder(nom, demander) for nom, demander in SONDES.items()]


def ouvriers_vivants() -> int:
    """Workers of the queue that said during the last minute that they live."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        return int(curseur.fetchone()[0])


def _sonder(nom: str, demander: Callable[[], str]) -> Sonde:
    debut = time.perf_counter()
    try:
        en_marche, detail = True, demander()
    except Exception as erreur:
        en_marche, detail = False, type(erreur).__name__
    return Sonde(nom, en_marche, detail, round((time.perf_counter() - debut) * 1000, 1))


def _base() -> str:
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_setting('server_version')")
        return f"PostgreSQL {curseur.fetchone()[0]}"


def _file() -> str:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT queue_name, count(*) "
            "FROM (SELECT queue_name FROM procrastinate_jobs WHERE status = 'todo' LIMIT 1000) j "
            "GROUP BY queue_name ORDER BY queue_name"
        )
        attentes = dict(curseur.fetchall())
    par_file = ", ".join(f"{file} : {nombre}" for file, nombre in attentes.items())
    attente = f"{sum(attentes.values())} tâche(s) en attente{f' ({par_file})' if par_file else ''}"
    return f"{attente}, {ouvriers_vivants()} ouvrier(s)"


def _stockage() -> str:
    default_storage.exists("sante")
    return type(getattr(default_storage, "_wrapped", default_storage)).__name__


SONDES: dict[str, Callable[[], str]] = {"base": _base, "file": _file, "stockage": _stockage}
