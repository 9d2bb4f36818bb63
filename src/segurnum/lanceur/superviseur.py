"""Keeps the processes of the demonstration alive: restarts what dies, stops everything together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ATTENTE_MAXIMALE = 30.0  # seconds between two restarts of a process that keeps dying
VIE_SAINE = 60.0  # a process that lived this long starts again at once
DELAI_ARRET = 15.0
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def _mourir_avec_le_parent() -> None:
    """Linux: a supervisor killed on the spot must not leave its children holding the port."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Programme:
    """One supervised process; its output goes to the journal."""

    nom: str
    commande: Sequence[str]
    journal: Path
    processus: subprocess.Popen[bytes] | None = None
    reprise: float = 0.0
    attente: float = 0.5
    demarre: float = 0.0

    def lancer(self) -> None:
        with open(self.journal, "ab") as sortie:
            self.processus = subprocess.Popen(
                self.commande,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_mourir_avec_le_parent if sys.platform == "linux" else None,
            )
        self.demarre = time.monotonic()

    @property
    def vivant(self) -> bool:
        return self.processus is not None and self.processus.poll() is None

    def signaler(self, numero: signal.Signals) -> None:
        """To the whole group: the workers of the web server too."""
        if self.processus is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.processus.pid, numero)


class Superviseur:
    def __init__(self, programmes: Sequence[Programme], dire: Callable[[str], None]) -> None:
        self.programmes = programmes
        self.dire = dire

    def demarrer(self) -> None:
        for programme in self.programmes:
            programme.lancer()

    def surveiller(self) -> None:
        """One round: to be called several times a second."""
        maintenant = time.monotonic()
        for programme in self.programmes:
            if programme.vivant:
                continue
            if programme.processus is not None:
                if maintenant - programme.demarre > VIE_SAINE:
                    programme.attente = 0.5
                programme.reprise = maintenant + programme.attente
                self.dire(
                    f"Le processus « {programme.nom} » s'est arrêté (code {programme.processus.returncode}) ; "
                    f"il repart dans un instant. Journal : {programme.journal}"
                )
                programme.attente = min(programme.attente * 2, ATTENTE_MAXIMALE)
                programme.signaler(signal.SIGTERM)
                programme.processus = None
            elif maintenant >= programme.reprise:
                programme.lancer()

    def arreter(self) -> None:
        """SIGTERM to all, so that requests and jobs under way finish, then SIGKILL to what stays."""
        for programme in self.programmes:
            programme.signaler(signal.SIGTERM)
        fin = time.monotonic() + DELAI_ARRET
        for programme in self.programmes:
            if programme.processus is None:
                continue
            try:
                programme.processus.wait(max(0.0, fin - time.monotonic()))
            except subprocess.TimeoutExpired:
                programme.signaler(signal.SIGKILL)
                programme.processus.wait()
