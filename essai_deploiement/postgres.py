"""A PostgreSQL cluster of its own, by the tools of Debian's package, else by those of the embedded server."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from essai_deploiement.fichiers import EssaiImpossible
from segurnum.lanceur import binaires
from segurnum.lanceur.reseau import LOCAL, port_libre

DEBIAN = Path("/usr/lib/postgresql")


def outils() -> tuple[Path, bool]:
    """The folder of initdb, pg_ctl and psql; whether it is the one of Debian's package (the newest)."""
    dossiers = sorted(
        (d for d in DEBIAN.glob("*/bin") if (d / "postgres").exists()), key=lambda d: int(d.parent.name)
    )
    if dossiers:
        return dossiers[-1], True
    return binaires.dossier_des_binaires(binaires.compte_du_serveur()), False


class Postgres:
    """Started by `demarrer`; PostgreSQL refuses root, so root runs it as nobody."""

    def __init__(self, dossier: Path, bin_: Path) -> None:
        self.bin, self.cluster, self.port = bin_, dossier / "postgres", port_libre()
        self.compte = binaires.compte_du_serveur()
        self.mot_de_passe = secrets.token_hex(16)

    def creer(self) -> None:
        self.cluster.mkdir(mode=0o700)
        secret = self.cluster.with_suffix(".secret")
        secret.write_text(self.mot_de_passe)
        for chemin in (self.cluster, secret):
            self.compte.donner(chemin)
        options = [
            "--no-locale",
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            "--username=postgres",
            "--no-sync",
        ]
        binaires.executer(
            [self.bin / "initdb", "-D", self.cluster, f"--pwfile={secret}", *options], self.compte
        )
        secret.unlink()

    def demarrer(self) -> None:
        reglages = f"-c listen_addresses={LOCAL} -c port={self.port} -c unix_socket_directories= -c fsync=off"
        self._ctl("start", "-w", "-l", self.cluster / "postgres.log", "-o", reglages)

    def arreter(self) -> None:
        """`pg_ctl stop -m fast`, as a restart of the package does: every connection is cut."""
        if (self.cluster / "postmaster.pid").exists():
            self._ctl("stop", "-w", "-m", "fast")

    def _ctl(self, geste: str, *options: str | Path) -> None:
        binaires.executer([self.bin / "pg_ctl", geste, "-s", "-D", self.cluster, *options], self.compte)

    def executer(self, sql: str) -> None:
        """A script, as its superuser, stopped at its first error. Raises EssaiImpossible."""
        self._psql("postgres", "-q", entree=sql)

    def lire(self, sql: str) -> str:
        """What one question to the portal's database answers."""
        return self._psql("segurnum", "-qtA", "-c", sql).strip()

    def _psql(self, base: str, *options: str, entree: str = "") -> str:
        psql = shutil.which("psql", path=f"{self.bin}{os.pathsep}{os.environ['PATH']}")
        if psql is None:
            raise EssaiImpossible("« psql » manque : apt install postgresql-client.")
        adresse = f"postgres://postgres:{self.mot_de_passe}@{LOCAL}:{self.port}/{base}"
        commande = [psql, adresse, "-v", "ON_ERROR_STOP=1", *options]
        resultat = subprocess.run(commande, input=entree, capture_output=True, text=True, check=False)
        if resultat.returncode:
            raise EssaiImpossible(f"psql : {resultat.stderr.strip()}")
        return resultat.stdout
