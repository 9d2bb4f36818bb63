"""Where the measures were taken."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from django.db import connection


def description() -> list[str]:
    """Processor, memory and versions, one sentence each."""
    with connection.cursor() as curseur:
        curseur.execute("SHOW server_version")
        postgresql = str(curseur.fetchone()[0]).split()[0]
    return [
        f"Processeur : {_processeur()}, {os.cpu_count()} cœurs ; mémoire : {_memoire()}",
        f"Système : {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, Django {version('django')}, PostgreSQL {postgresql}, "
        f"jsonschema {version('jsonschema')}",
    ]


def _lire(chemin: str, cle: str) -> str | None:
    try:
        lignes = Path(chemin).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((ligne.partition(":")[2].strip() for ligne in lignes if ligne.startswith(cle)), None)


def _processeur() -> str:
    return _lire("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _memoire() -> str:
    lue = _lire("/proc/meminfo", "MemTotal")
    return f"{int(lue.split()[0]) / 1024 / 1024:.0f} Gio" if lue else "inconnue"
