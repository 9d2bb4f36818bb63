"""`segurnum demo`: the whole portal on this machine, from nothing to an address, until Ctrl-C."""

import argparse
import contextlib
import hashlib
import importlib.metadata
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from segurnum.cli.communs import ADRESSE, PAQUET, ajouter_donnees
from segurnum.comptes.demonstration import COMPTES, MOT_DE_PASSE

if TYPE_CHECKING:
    from rich.console import Console

    from segurnum.lanceur.postgres import ServeurPostgres
    from segurnum.lanceur.superviseur import Programme

PORT_OCCUPE = 2
BASE_REFUSEE = 2
DEMARRAGE_RATE = 1
DELAI_SANTE = 60.0  # seconds
SIGNAUX = (signal.SIGINT, signal.SIGTERM)


class DemarrageRate(RuntimeError):
    """A step failed; the message is a French sentence, followed by the end of the log."""


class Arret(Exception):
    """Ctrl-C or SIGTERM was received."""


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser("demo", help="lance le portail avec ses données de démonstration")
    analyseur.add_argument("--port", type=int, default=8000, help="port d'écoute (par défaut : 8000)")
    ajouter_donnees(analyseur)
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from segurnum.demonstration.base import BaseDAutrui, verifier
    from segurnum.lanceur.environnement import application
    from segurnum.lanceur.reseau import est_libre

    console = Console(highlight=False, soft_wrap=True)
    if not est_libre(arguments.port):
        print(
            f"segurnum : le port {arguments.port} est déjà utilisé par un autre programme (peut-être une autre "
            "démonstration) : arrêtez-le, ou choisissez un autre port par --port.",
            file=sys.stderr,
        )
        return PORT_OCCUPE
    os.environ["SEGURNUM_DEMO"] = "1"
    os.environ.setdefault("SEGURNUM_HTTPS", "0")
    os.environ.setdefault("SEGURNUM_ADRESSE", f"http://localhost:{arguments.port}")
    for numero in SIGNAUX:
        signal.signal(numero, _interrompre)
    try:
        with contextlib.ExitStack() as pile:
            with annoncer(console, "Démarrage de la base de données"):
                serveur = pile.enter_context(application(arguments.donnees))
                verifier(os.environ["DATABASE_URL"])
            Demonstration(arguments.donnees.resolve(), arguments.port, console, serveur).servir()
    except Arret:
        console.print("Tout est arrêté.")
    except BaseDAutrui as refus:
        print(f"segurnum : {refus}", file=sys.stderr)
        return BASE_REFUSEE
    except DemarrageRate as erreur:
        console.print(f"\n{erreur}", markup=False, style="red")
        return DEMARRAGE_RATE
    return 0


def _interrompre(_numero: int, _cadre: object) -> None:
    for autre in SIGNAUX:  # a second Ctrl-C must not leave half of it running
        signal.signal(autre, signal.SIG_IGN)
    raise Arret


@contextlib.contextmanager
def annoncer(console: "Console", titre: str) -> Iterator[None]:
    """Show that a long step is under way, then how long it took."""
    debut = time.monotonic()
    if not console.is_terminal:
        console.print(f"… {titre}")
    with console.status(f"{titre}…"):
        yield
    console.print(f"✓ {titre} ({time.monotonic() - debut:.1f} s)".replace(".", ","))


class Demonstration:
    """The steps of one demonstration, in order."""

    def __init__(
        self, donnees: Path, port: int, console: "Console", serveur: "ServeurPostgres | None"
    ) -> None:
        self.donnees = donnees
        self.port = port
        self.console = console
        self.serveur = serveur  # None when DATABASE_URL names another one
        self.journaux = donnees / "journaux"

    def servir(self) -> None:
        """Prepare, start, then watch until Arret. Raises DemarrageRate."""
        self.journaux.mkdir(exist_ok=True)
        # Other commands that write mails for this demonstration find its address here.
        (self.donnees / ADRESSE).write_text(os.environ["SEGURNUM_ADRESSE"])
        proprietaire = {} if self.serveur is None else {"DATABASE_URL": self.serveur.url_du_proprietaire}
        self.django("Mise à jour de la base", "migrate", "--noinput", **proprietaire)
        self.django("Chargement des données de démonstration", "charger_demonstration")
        self.statiques()
        self.superviser()

    def django(self, titre: str, *commande: str, **variables: str) -> None:
        from segurnum.lanceur.environnement import SEGURNUM
        from segurnum.lanceur.processus import fin_du_journal

        journal = self.journaux / "preparation.log"
        with annoncer(self.console, titre), open(journal, "wb") as sortie:
            resultat = subprocess.run(
                [*SEGURNUM, "django", *commande],
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                env=os.environ | variables,
                check=False,
            )
            if resultat.returncode:
                raise DemarrageRate(f"{titre} : échec. Fin de {journal} :\n{fin_du_journal(journal)}")

    def statiques(self) -> None:
        """collectstatic costs seconds: only when a file or a package changed."""
        temoin = self.donnees / "statique.empreinte"
        empreinte = _empreinte_des_statiques()
        prets = (self.donnees / "statique" / "staticfiles.json").exists()
        if prets and temoin.exists() and temoin.read_text() == empreinte:
            return
        self.django("Préparation des fichiers statiques", "collectstatic", "--noinput")
        temoin.write_text(empreinte)

    def superviser(self) -> None:
        from segurnum.lanceur.ouvriers import FILES, commande
        from segurnum.lanceur.superviseur import Programme, Superviseur

        web = [sys.executable, "-m", "gunicorn", "segurnum.config.wsgi:application"]
        web += ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", "2"]
        web += ["--threads", "16", "--timeout", "120", "--graceful-timeout", "10", "--no-control-socket"]
        programmes = [
            Programme("web", web, self.journaux / "web.log"),
            *(Programme(nom, commande(nom), self.journaux / f"{nom}.log") for nom in FILES),
        ]
        superviseur = Superviseur(programmes, self.console.print)
        try:
            superviseur.demarrer()
            with annoncer(self.console, "Démarrage du portail"):
                self.attendre(programmes)
            self.annoncer()
            while True:
                self.veiller_sur_la_base()
                superviseur.surveiller()
                time.sleep(0.2)
        finally:
            self.console.print("Arrêt en cours…")
            superviseur.arreter()

    def veiller_sur_la_base(self) -> None:
        """A base that does not start again is tried again: the workers and the pages wait for it."""
        from segurnum.lanceur.binaires import LanceurErreur

        try:
            if self.serveur is not None and self.serveur.relancer_si_mort():
                self.console.print("La base de données s'était arrêtée : elle est repartie.")
        except LanceurErreur as erreur:
            self.console.print(f"La base de données ne repart pas, nouvel essai : {erreur}", markup=False)

    def attendre(self, programmes: "list[Programme]") -> None:
        """Until the web server says that it serves pages."""
        from segurnum.lanceur.processus import fin_du_journal

        fin = time.monotonic() + DELAI_SANTE
        while not self.en_bonne_sante():
            for programme in programmes:
                if not programme.vivant:
                    raise DemarrageRate(
                        f"Le processus « {programme.nom} » n'a pas démarré. Fin de {programme.journal} :\n"
                        + fin_du_journal(programme.journal)
                    )
            if time.monotonic() > fin:
                raise DemarrageRate(
                    f"Le portail ne répond pas après {DELAI_SANTE:.0f} secondes. Fin de {programmes[0].journal} :\n"
                    + fin_du_journal(programmes[0].journal)
                )
            time.sleep(0.1)

    def en_bonne_sante(self) -> bool:
        sans_mandataire = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with sans_mandataire.open(f"http://127.0.0.1:{self.port}/pret", timeout=5) as reponse:
                return bool(reponse.status == 200)
        except OSError:
            return False

    def annoncer(self) -> None:
        from rich.table import Table

        tableau = Table(
            "Compte", "Rôle", "Mot de passe", title="Comptes de démonstration", title_justify="left"
        )
        for compte, role in COMPTES.items():
            tableau.add_row(compte, role, MOT_DE_PASSE)
        self.console.print(f"\nLe portail est ouvert : http://localhost:{self.port}/\n", style="bold")
        self.console.print(tableau)
        self.console.print(f"\nJournaux : {self.journaux}. Ctrl-C arrête tout.\n")


def _empreinte_des_statiques() -> str:
    paquets = sorted(f"{paquet.name}=={paquet.version}" for paquet in importlib.metadata.distributions())
    somme = hashlib.sha256("\n".join(paquets).encode())
    for dossier in sorted(PAQUET.rglob("static")):
        for fichier in sorted(dossier.rglob("*")):
            if fichier.is_file():
                fiche = fichier.stat()
                somme.update(f"{fichier}\0{fiche.st_size}\0{fiche.st_mtime_ns}\n".encode())
    return somme.hexdigest()
