"""A systemd unit, run as systemd does where it is not there: its command, its restarts, its delay to stop."""

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAUT = 90.0  # seconds that systemd leaves to a service to stop, where its unit says nothing


@dataclass(frozen=True)
class Unite:
    commande: tuple[str, ...]
    reprise: float | None  # seconds before the next start; None: a service that ends stays stopped
    arret: float  # seconds to stop before SIGKILL

    @classmethod
    def lire(cls, texte: str) -> "Unite":
        lignes = (ligne.partition("=") for ligne in texte.replace("\\\n", " ").splitlines())
        dits = {nom.strip(): valeur.strip() for nom, egal, valeur in lignes if egal}
        repart = dits.get("Restart", "no") != "no"
        return cls(
            commande=tuple(shlex.split(dits["ExecStart"])),
            reprise=float(dits.get("RestartSec", "0.1")) if repart else None,
            arret=float(dits.get("TimeoutStopSec", DEFAUT)),
        )


class Service:
    """A process kept alive. `reprises`: how many times it was started again by itself."""

    def __init__(self, nom: str, unite: Unite, env: Mapping[str, str], dossier: Path, journal: Path) -> None:
        self.nom, self.unite, self.env, self.dossier, self.journal = nom, unite, env, dossier, journal
        self.reprises = 0
        self.processus: subprocess.Popen[bytes] | None = None
        self._arrete = threading.Event()
        self._garde: threading.Thread | None = None

    def demarrer(self) -> None:
        self._arrete.clear()
        self._lancer()
        self._garde = threading.Thread(target=self._garder, daemon=True)
        self._garde.start()

    def arreter(self) -> None:
        """`systemctl stop`: SIGTERM to the process (KillMode=mixed), SIGKILL to all after the delay."""
        self._arrete.set()
        if self.processus is not None:
            self.processus.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.processus.wait(self.unite.arret)
            self.tuer()
        if self._garde is not None:
            self._garde.join()

    def tuer(self) -> None:
        """SIGKILL to the whole group, as the kernel does that lacks memory."""
        if self.processus is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.processus.pid, signal.SIGKILL)
            self.processus.wait()

    def signaler(self, numero: signal.Signals) -> None:
        if self.processus is not None:
            self.processus.send_signal(numero)

    def _lancer(self) -> None:
        with self.journal.open("ab") as sortie:
            self.processus = subprocess.Popen(
                self.unite.commande,
                cwd=self.dossier,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _garder(self) -> None:
        while self.processus is not None:
            self.processus.wait()
            if self.unite.reprise is None or self._arrete.wait(self.unite.reprise):
                return
            self.reprises += 1
            self._lancer()
