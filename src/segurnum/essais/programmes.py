"""Programs of the portal run as in an installation, on the tables and the files of the process that starts them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from segurnum.lanceur.ouvriers import FILES, commande
from segurnum.lanceur.processus import fin_du_journal
from segurnum.lanceur.reseau import LOCAL, port_libre

RACINE = Path(__file__).resolve().parents[3]
DELAI = 180.0  # seconds; what fails says so much earlier, by dying
PAS = 0.05  # seconds between two looks


def adresse_de_la_base() -> str:
    """The URL of the database of this very process."""
    reglages = connection.settings_dict
    qui = f"{reglages['USER']}:{quote(reglages['PASSWORD'], safe='')}"
    return f"postgres://{qui}@{reglages['HOST']}:{reglages['PORT']}/{reglages['NAME']}"


def environnement() -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": adresse_de_la_base(),
        "SEGURNUM_DONNEES": str(settings.DONNEES),
        "DJANGO_SETTINGS_MODULE": "segurnum.config.settings",
        "PYTHONPATH": str(RACINE / "src"),
    }


class Programme:
    """A process, stopped with its children at the end of the `with`."""

    def __init__(self, commande: Sequence[str], journal: Path, env: dict[str, str]) -> None:
        self.commande, self.journal, self.env = commande, journal, env

    def __enter__(self) -> Self:
        self.lancer()
        return self

    def lancer(self) -> None:
        """Start it, or start it again once it is dead."""
        with self.journal.open("ab") as sortie:
            self.processus = subprocess.Popen(
                self.commande,
                cwd=RACINE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __exit__(self, *exception: object) -> None:
        if self.processus.poll() is None:
            self.processus.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.processus.wait(20)
        self.achever()

    def achever(self) -> None:
        """SIGKILL to the whole group, as the manager of services does with what a dead program leaves behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processus.pid, signal.SIGKILL)
        self.processus.wait()

    def attendre(self, condition: Callable[[], bool]) -> None:
        """Until the condition holds; fails, with the end of the log, if the process dies or after DELAI."""
        fin = time.monotonic() + DELAI
        while not condition():
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self.processus.wait(PAS)
                raise AssertionError(f"arrêté (code {code}) : {fin_du_journal(self.journal)}")
            assert time.monotonic() < fin, fin_du_journal(self.journal)

    def tuer(self) -> None:
        """SIGKILL: the process can say nothing to anybody."""
        self.processus.kill()
        self.processus.wait()


class Ouvrier(Programme):
    """A worker, as `segurnum demo` and an installation run it; without a name, one that does everything."""

    def __init__(self, dossier: Path, nom: str = "", **variables: str) -> None:
        mots = commande(*([nom] if nom else FILES))
        super().__init__(mots, dossier / f"{nom or 'ouvrier'}.log", environnement() | variables)


class Web(Programme):
    """The web server of an installation."""

    def __init__(self, dossier: Path, *, port: int = 0, fils: int = 4, **variables: str) -> None:
        self.port = port or port_libre()
        commande = [sys.executable, "-m", "gunicorn", "segurnum.config.wsgi:application"]
        commande += ["--bind", f"{LOCAL}:{self.port}", "--worker-class", "gthread", "--threads", str(fils)]
        super().__init__(
            [*commande, "--no-control-socket"], dossier / f"web-{self.port}.log", environnement() | variables
        )

    def __enter__(self) -> Self:
        super().__enter__()
        self.attendre(lambda: en_bonne_sante(self.port))
        return self


def lire(port: int, chemin: str) -> tuple[int, str, bytes]:
    """Status, content type and body of a page of this machine."""
    ouvreur = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with ouvreur.open(f"http://{LOCAL}:{port}{chemin}", timeout=10) as reponse:
            return reponse.status, reponse.headers["Content-Type"], reponse.read()
    except urllib.error.HTTPError as erreur:
        with erreur:
            return erreur.code, erreur.headers["Content-Type"], erreur.read()


def en_bonne_sante(port: int) -> bool:
    try:
        return lire(port, "/pret")[0] == 200
    except OSError:
        return False
