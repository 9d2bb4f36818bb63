"""The embedded PostgreSQL: created at first use, started, shared between commands, stopped by the last one out.

Every command that needs the database holds a shared lock while it uses it, so that `segurnum django` beside a
running demonstration joins its server and leaves it running.
"""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psycopg

from segurnum.lanceur import binaires, processus, roles
from segurnum.lanceur.binaires import LanceurErreur
from segurnum.lanceur.reseau import LOCAL, est_libre, port_libre

DELAI = 60.0  # seconds; crash recovery included
REGLAGES = {
    "listen_addresses": LOCAL,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}
REGLAGES_ESSAIS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_LAISSES: list[subprocess.Popen[bytes]] = []


@dataclass
class Etat:
    """What must survive between two commands (kept 0600: it holds the passwords, of the portal and of the owner)."""

    cluster: str
    port: int
    mot_de_passe: str
    proprietaire: str = ""


class ServeurPostgres:
    """One server and its data folder. `with ServeurPostgres(dossier) as url:` gives its owner's DATABASE_URL."""

    def __init__(self, dossier: Path, *, pour_les_essais: bool = False) -> None:
        self.dossier = dossier.resolve()
        self.reglages = REGLAGES | (REGLAGES_ESSAIS if pour_les_essais else {})
        self.journal = self.dossier / "postgres.log"
        self._usage: IO[str] | None = None
        self._enfant: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> str:
        return self.demarrer()

    def __exit__(self, *exception: object) -> None:
        self.arreter()

    def demarrer(self) -> str:
        """Create if needed, start if needed, join otherwise; returns the URL. Raises LanceurErreur."""
        try:
            self.dossier.mkdir(parents=True, exist_ok=True)
            with self._exclusif():
                self._usage = open(self.dossier / "usage", "w")  # noqa: SIM115 - held until arreter()
                fcntl.flock(self._usage, fcntl.LOCK_SH)
                try:
                    return self._mettre_en_marche()
                except BaseException:
                    if self._enfant is not None:
                        processus.arreter_postgres(self._enfant.pid)
                    self._lacher()
                    raise
        except PermissionError as erreur:
            raise LanceurErreur(
                f"Impossible d'utiliser le dossier {self.dossier} ({erreur.strerror}) : choisissez par --donnees "
                "un dossier qui appartient à votre compte."
            ) from erreur

    @property
    def url_du_portail(self) -> str:
        """The URL of the role that serves the portal: it can neither rewrite the journal nor lift its guards."""
        return self._url_de(roles.PORTAIL)

    @property
    def url_du_proprietaire(self) -> str:
        return self._url_de(roles.PROPRIETAIRE)

    def _url_de(self, role: str) -> str:
        etat = self._lire_etat()
        if etat is None:
            raise LanceurErreur("La base n'est pas démarrée.")
        return _url(etat, role)

    def arreter(self) -> None:
        """Leave the server; the last command to leave stops it (transactions are rolled back, data is kept)."""
        if self._usage is None:
            return
        with self._exclusif():
            try:
                fcntl.flock(self._usage, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                processus.arreter_postgres(self.pid())
            self._lacher()

    def _lacher(self) -> None:
        if self._usage is not None:
            self._usage.close()
            self._usage = None
        if self._enfant is not None and self._enfant.poll() is None:
            _LAISSES.append(self._enfant)  # others use it: a dropped Popen would complain that it still runs
        self._enfant = None

    def pid(self) -> int | None:
        """Process id of the running server, if any."""
        if self._enfant is not None:
            self._enfant.poll()  # reaps our own child if it died
        etat = self._lire_etat()
        return processus.postmaster_vivant(Path(etat.cluster) / "postmaster.pid") if etat else None

    def relancer_si_mort(self) -> bool:
        """Start again a server that was killed (same port, recovery from its log); True if it had to."""
        if self.pid() is not None:
            return False
        self._enfant = None
        with self._exclusif():
            self._mettre_en_marche()
        return True

    @contextmanager
    def _exclusif(self) -> Iterator[None]:
        with open(self.dossier / "verrou", "w") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX)
            yield

    def _mettre_en_marche(self) -> str:
        compte = binaires.compte_du_serveur()
        bin_ = binaires.dossier_des_binaires(compte)
        etat = self._lire_etat() or self._etat_neuf(compte)
        if not etat.proprietaire:  # of a cluster older than the owner's role: see `roles`
            etat.proprietaire = secrets.token_urlsafe(24)
            self._ecrire_etat(etat)
        if self.pid() is None:
            self._ecrire_etat(etat)
            if not Path(etat.cluster).exists():
                self._creer(Path(etat.cluster), etat.proprietaire, bin_, compte)
            processus.effacer_verrou_mort(Path(etat.cluster) / "postmaster.pid")
            if not est_libre(etat.port):
                etat.port = port_libre()
                self._ecrire_etat(etat)
            self._lancer(etat, bin_, compte)
        self._attendre(etat)
        return _url(etat, roles.PROPRIETAIRE)

    def _etat_neuf(self, compte: binaires.Compte) -> Etat:
        cluster = binaires.dossier_des_donnees(self.dossier, compte)
        if cluster.exists() and cluster.parent == self.dossier:
            raise LanceurErreur(
                f"Le dossier {cluster} contient une base mais le fichier {self.dossier / 'etat.json'}, qui en garde "
                "le mot de passe, a disparu : restaurez-le, ou supprimez le dossier pour repartir d'une base vide."
            )
        if cluster.exists():  # kept elsewhere, for a data folder that was deleted since
            processus.arreter_postgres(processus.postmaster_vivant(cluster / "postmaster.pid"))
            shutil.rmtree(cluster)
        return Etat(str(cluster), port_libre(), secrets.token_urlsafe(24), secrets.token_urlsafe(24))

    def _creer(self, cluster: Path, mot_de_passe: str, bin_: Path, compte: binaires.Compte) -> None:
        """initdb beside the final place, then rename: an interrupted creation leaves nothing half made."""
        provisoire = cluster.with_name(cluster.name + "-en-creation")
        shutil.rmtree(provisoire, ignore_errors=True)
        provisoire.mkdir(mode=0o700)
        compte.donner(provisoire)
        secret = provisoire.with_suffix(".secret")
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        try:
            secret.write_text(mot_de_passe)
            compte.donner(secret)
            options = [
                "--no-locale",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
            ]
            options += [
                "--data-checksums",
                "--auth=scram-sha-256",
                "--no-instructions",
                f"--username={roles.PROPRIETAIRE}",
            ]
            binaires.executer([bin_ / "initdb", "-D", provisoire, f"--pwfile={secret}", *options], compte)
        finally:
            secret.unlink()
        provisoire.rename(cluster)

    def _lancer(self, etat: Etat, bin_: Path, compte: binaires.Compte) -> None:
        commande = [str(bin_ / "postgres"), "-D", etat.cluster]
        for nom, valeur in (self.reglages | {"port": str(etat.port)}).items():
            commande += ["-c", f"{nom}={valeur}"]
        with open(self.journal, "wb") as journal:
            self._enfant = subprocess.Popen(
                commande,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=journal,
                stderr=journal,
                start_new_session=True,  # Ctrl-C of the terminal must not reach it before its clients
                **compte.options(),
            )

    def _attendre(self, etat: Etat) -> None:
        """Until a connection succeeds; makes the database and the roles the first time."""
        fin = time.monotonic() + DELAI
        while True:
            try:
                roles.preparer(
                    lambda role, base: psycopg.connect(
                        _url(etat, role, base), autocommit=True, connect_timeout=5
                    ),
                    portail=etat.mot_de_passe,
                    proprietaire=etat.proprietaire,
                    lance=self._enfant is not None,
                )
                return
            except psycopg.OperationalError as erreur:
                arrete = self.pid() is None and self._enfant_termine()
                if arrete or time.monotonic() > fin:
                    raise LanceurErreur(
                        f"PostgreSQL n'a pas démarré ({erreur}). Fin de {self.journal} :\n"
                        + processus.fin_du_journal(self.journal)
                    ) from erreur
                time.sleep(0.02)

    def _enfant_termine(self) -> bool:
        return self._enfant is None or self._enfant.poll() is not None

    def _lire_etat(self) -> Etat | None:
        try:
            return Etat(**json.loads((self.dossier / "etat.json").read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as erreur:
            raise LanceurErreur(
                f"Le fichier {self.dossier / 'etat.json'} est illisible : il doit contenir le port et le mot de "
                "passe de la base. Restaurez-le, ou supprimez le dossier pour repartir d'une base vide."
            ) from erreur

    def _ecrire_etat(self, etat: Etat) -> None:
        ecrire_secret(self.dossier / "etat.json", json.dumps(asdict(etat)))


def ecrire_secret(chemin: Path, texte: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    provisoire = chemin.with_name(chemin.name + ".nouveau")
    provisoire.unlink(missing_ok=True)
    with open(os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as fichier:
        fichier.write(texte)
        fichier.flush()
        os.fsync(fichier.fileno())
    provisoire.replace(chemin)


def _url(etat: Etat, role: str, base: str = roles.BASE) -> str:
    mot_de_passe = etat.mot_de_passe if role == roles.PORTAIL else etat.proprietaire
    return f"postgres://{role}:{mot_de_passe}@{LOCAL}:{etat.port}/{base}"
