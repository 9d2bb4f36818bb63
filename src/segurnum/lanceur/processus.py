"""Facts about processes that PostgreSQL's own pid file cannot tell: dead but not reaped, or number reused."""

import os
import signal
import time
from pathlib import Path

from segurnum.lanceur.binaires import LanceurErreur

PROC = Path("/proc")


def postmaster_vivant(fichier_pid: Path) -> int | None:
    """Pid of the live server that wrote this postmaster.pid, or None.

    A zombie is dead (in a container nobody may reap it), and so is a pid taken over by another program.
    """
    try:
        pid = int(fichier_pid.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _est_postgres(pid) else None


def _est_postgres(pid: int) -> bool:
    if not PROC.joinpath("self").exists():  # macOS: only the signal can tell
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return True
    try:
        nom, _, reste = PROC.joinpath(str(pid), "stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return False
    return nom == "postgres" and reste.split()[0] not in "ZX"


def effacer_verrou_mort(fichier_pid: Path, delai: float = 15.0) -> None:
    """Remove the pid file of a server killed on the spot, once none of its processes holds its memory any more.

    PostgreSQL does it by itself except when the pid still seems to exist (zombie, or reused by another program).
    """
    if not fichier_pid.exists() or postmaster_vivant(fichier_pid) is not None:
        return
    fin = time.monotonic() + delai
    while _attaches(fichier_pid):
        if time.monotonic() > fin:
            raise LanceurErreur(
                "Le serveur PostgreSQL précédent a été tué mais des processus s'en servent encore : "
                "attendez leur fin (ou arrêtez-les), puis relancez."
            )
        time.sleep(0.05)
    fichier_pid.unlink(missing_ok=True)


def _attaches(fichier_pid: Path) -> int:
    """Number of processes attached to the shared memory named by the 7th line of postmaster.pid."""
    lignes = fichier_pid.read_text().splitlines()
    segments = PROC / "sysvipc" / "shm"
    if len(lignes) < 7 or not segments.exists():
        return 0
    identifiant = lignes[6].split()[1]
    for segment in segments.read_text().splitlines()[1:]:
        champs = segment.split()
        if champs[1] == identifiant:
            return int(champs[6])
    return 0


def arreter_postgres(pid: int | None, delai: float = 30.0) -> None:
    """Fast shutdown, then after the delay (seconds) immediate shutdown, which the next start recovers from."""
    for geste in (signal.SIGINT, signal.SIGQUIT):
        if pid is None or not _est_postgres(pid):
            return
        os.kill(pid, geste)
        fin = time.monotonic() + delai
        while _est_postgres(pid) and time.monotonic() < fin:
            time.sleep(0.02)


def fin_du_journal(chemin: Path, lignes: int = 20) -> str:
    """Last lines of a log, to show when a start fails."""
    try:
        texte = chemin.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(journal absent)"
    return "\n".join(texte.splitlines()[-lignes:])
