"""PostgreSQL servers that a test may stop: theirs, with the tables of the suite's."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from segurnum.essais.programmes import adresse_de_la_base
from segurnum.lanceur.binaires import Compte, compte_du_serveur, dossier_des_binaires, executer
from segurnum.lanceur.postgres import ServeurPostgres
from segurnum.lanceur.processus import arreter_postgres
from segurnum.lanceur.reseau import LOCAL, port_libre

SANS_DUREE = {"fsync": "off", "full_page_writes": "off"}  # nobody cuts the power


class Serveur(ServeurPostgres):
    """One server; `url` once started."""

    url: str

    def __init__(self, dossier: Path) -> None:
        super().__init__(dossier)
        self.reglages |= SANS_DUREE

    def arreter_net(self) -> None:
        """As `systemctl stop postgresql` does: every connection is ended, in the middle of whatever it does."""
        arreter_postgres(self.pid())

    def relancer(self) -> None:
        self.arreter_net()
        self.relancer_si_mort()

    def lire(self, requete: str, *parametres: object) -> Any:
        return lire(self.url, requete, *parametres)


def lire(url: str, requete: str, *parametres: object) -> Any:
    """The first value that a query gives, if it gives any."""
    with psycopg.connect(url, autocommit=True) as lien:
        curseur = lien.execute(requete, parametres)
        ligne = curseur.fetchone() if curseur.description else None
    return ligne[0] if ligne else None


@contextmanager
def serveur_a_part() -> Iterator[Serveur]:
    """A server with the tables of the suite's database, and no more."""
    with _dossier() as dossier:
        serveur = Serveur(dossier / "postgres")
        serveur.url = serveur.demarrer()
        try:
            outils = dossier_des_binaires(Compte())
            with subprocess.Popen(
                [outils / "pg_dump", "--no-owner", adresse_de_la_base()], stdout=subprocess.PIPE
            ) as extrait:
                subprocess.run(
                    [outils / "psql", "--quiet", "--output=/dev/null", "-v", "ON_ERROR_STOP=1", serveur.url],
                    stdin=extrait.stdout,
                    check=True,
                )
            yield serveur
        finally:
            serveur.arreter()


@contextmanager
def secours_de(principal: Serveur) -> Iterator[str]:
    """A standby that follows this server; gives its address."""
    compte, port = compte_du_serveur(), port_libre()
    outils = dossier_des_binaires(compte)
    with _dossier() as dossier:
        compte.donner(dossier)
        copie = dossier / "cluster"
        executer([outils / "pg_basebackup", "-d", principal.url, "-D", copie, "-R", "-c", "fast"], compte)
        reglages = principal.reglages | {"port": str(port)}
        options = [mot for nom, valeur in reglages.items() for mot in ("-c", f"{nom}={valeur}")]
        with (dossier / "postgres.log").open("wb") as journal:
            secours = subprocess.Popen(
                [outils / "postgres", "-D", copie, *options],
                cwd="/",
                stdout=journal,
                stderr=journal,
                **compte.options(),
            )
        try:
            yield principal.url.replace(f":{principal.url.rsplit(':', 1)[1].split('/')[0]}/", f":{port}/")
        finally:
            with suppress(ProcessLookupError):
                os.kill(secours.pid, signal.SIGQUIT)
            secours.wait()


@contextmanager
def _dossier() -> Iterator[Path]:
    """Not in pytest's folder, closed to others: root's database is run as nobody."""
    dossier = Path(tempfile.mkdtemp(prefix="segurnum-serveur-"))
    dossier.chmod(0o755)
    try:
        yield dossier
    finally:
        shutil.rmtree(dossier)


def deux_adresses(premiere: str, seconde: str) -> str:
    """The address of whichever of the two may be written on."""
    debut, _, fin = premiere.rpartition("/")
    return f"{debut},{LOCAL}:{seconde.rpartition('/')[0].rpartition(':')[2]}/{fin}?target_session_attrs=read-write"
