"""The documented installation on loopback ports: database, store, mail, antivirus, two nodes, two workers, proxies."""

import base64
import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from essai_deploiement.fichiers import RACINE, EssaiImpossible, adapter, variables
from essai_deploiement.postgres import Postgres, outils
from essai_deploiement.proxies import Haproxy, certificat, clamd, nginx, trouver
from essai_deploiement.unites import Service, Unite
from segurnum.essais.parties import BoiteSmtp, par, serveur_antivirus, serveur_smtp
from segurnum.essais.robinet import Robinet
from segurnum.essais.s3 import serveur_s3
from segurnum.lanceur import ouvriers
from segurnum.lanceur.processus import fin_du_journal
from segurnum.lanceur.reseau import LOCAL, port_libre

DELAI, PAS = 90.0, 0.1  # seconds
NOEUDS, OUVRIERS = ("noeud-1", "noeud-2"), ("archives", "courriels")
Dire = Callable[[str], None]


@dataclass
class Installation:
    """What the walk needs of it."""

    dossier: Path
    postgres: Postgres
    haproxy: Haproxy
    services: dict[str, Service] = field(default_factory=dict)
    robinets: dict[str, Robinet] = field(default_factory=dict)
    boite: BoiteSmtp = field(default_factory=BoiteSmtp)
    env: dict[str, str] = field(default_factory=dict)
    nginx: int = 0  # port; 0: it is not installed

    @property
    def certificat(self) -> Path:
        return self.dossier / "certificat.pem"

    @property
    def adresses(self) -> tuple[str, str]:
        """Where the supplier goes, and where the officer does: nginx if it is there, HAProxy alone."""
        seul = f"https://{LOCAL}:{self.haproxy.public}"
        return (f"https://{LOCAL}:{self.nginx}" if self.nginx else seul), seul

    def commande(self, *arguments: str, entree: bytes = b"") -> bytes:
        """A program on this installation, with the rights of its pages."""
        return _executer([sys.executable, *arguments], self.env, entree)

    def attendre_noeud(self, nom: str) -> None:
        attendre(lambda: self.haproxy.disponible(nom), f"HAProxy ne voit pas « {nom} » revenir", self.dossier)


def attendre(condition: Callable[[], bool], sinon: str, dossier: Path) -> None:
    """Until it holds. Raises EssaiImpossible, with the end of the logs, after DELAI."""
    fin = time.monotonic() + DELAI
    while not condition():
        if time.monotonic() > fin:
            journaux = "\n".join(
                f"--- {j.name}\n{fin_du_journal(j, 8)}" for j in sorted(dossier.glob("*.log"))
            )
            raise EssaiImpossible(f"{sinon} en {DELAI:.0f} secondes.\n{journaux}")
        time.sleep(PAS)


def _executer(commande: list[str], env: dict[str, str], entree: bytes = b"") -> bytes:
    resultat = subprocess.run(
        commande, cwd=RACINE, env=env, input=entree, capture_output=True, check=False, timeout=300
    )
    if resultat.returncode:
        fin = resultat.stderr.decode(errors="replace").strip()[-2000:]
        raise EssaiImpossible(f"« {' '.join(commande)} » a échoué :\n{fin}")
    return resultat.stdout


@contextlib.contextmanager
def installer(dossier: Path, dire: Dire) -> Iterator[Installation]:
    """Install from nothing, start all, wait until HAProxy sees both nodes; stop all at the end."""
    haproxy = trouver("haproxy")
    if haproxy is None:
        raise EssaiImpossible("HAProxy manque, et rien ne le remplace : apt install haproxy.")
    bin_, de_debian = outils()
    if not de_debian:
        dire("Le paquet « postgresql » manque : remplacé par le serveur embarqué.")
    with contextlib.ExitStack() as pile:
        ports = port_libre(), port_libre()
        base = Postgres(dossier, bin_)
        lieu = Installation(dossier, base, Haproxy(dossier, ports))
        base.creer()
        base.demarrer()
        pile.callback(base.arreter)
        certificat(dossier)
        _parties(lieu, pile, dire)
        _donnees(lieu)
        _applications(lieu, ports)
        _mandataires(lieu, haproxy, dire)
        for service in lieu.services.values():
            pile.callback(service.arreter)
            service.demarrer()
        for nom in NOEUDS:
            lieu.attendre_noeud(nom)
        yield lieu


def _parties(lieu: Installation, pile: contextlib.ExitStack, dire: Dire) -> None:
    """Store, mail and antivirus, each behind a tap."""
    lieu.boite = pile.enter_context(serveur_smtp())
    s3 = pile.enter_context(serveur_s3())
    dire(
        "Stockage S3 et serveur de courriels : remplacés par des doublures de cette machine (moto, aiosmtpd)."
    )
    binaire = trouver("clamd")
    if binaire:
        service, port = clamd(binaire, lieu.dossier)
        antivirus = f"tcp://{LOCAL}:{port}"
        lieu.services["antivirus"] = service
    else:
        dire("Le paquet « clamav-daemon » manque : remplacé par une doublure qui répond comme lui.")
        antivirus = pile.enter_context(serveur_antivirus()).adresse
        port = int(antivirus.rpartition(":")[2])
    for nom, vers in (
        ("s3", int(s3.partition("@")[2].partition("/")[0].rpartition(":")[2])),
        ("smtp", lieu.boite.port),
        ("antivirus", port),
    ):
        lieu.robinets[nom] = pile.enter_context(Robinet(vers))
    lieu.env = _environnement(lieu, s3, antivirus)


def _environnement(lieu: Installation, s3: str, antivirus: str) -> dict[str, str]:
    """`portail.env`, as a service reads it, and where the programs of this checkout are."""
    mot_de_passe = secrets.token_hex(16)
    (lieu.dossier / "donnees").mkdir()
    texte = adapter(
        "portail.env",
        {
            "SEGURNUM_SECRET=SECRET": f"SEGURNUM_SECRET={secrets.token_hex(32)}",
            "segurnum:PASSWORD@127.0.0.1:5432": f"segurnum:{mot_de_passe}@{LOCAL}:{lieu.postgres.port}",
            "/var/lib/segurnum": lieu.dossier / "donnees",
            "https://portail.exemple.fr": lieu.adresses[0],
            "SEGURNUM_HOTES=portail.exemple.fr": f"SEGURNUM_HOTES={LOCAL}",
            "smtp+tls://ACCOUNT:PASSWORD@courriel.exemple.fr:587": par(
                lieu.boite.adresse, lieu.robinets["smtp"]
            ),
            "tcp://127.0.0.1:3310": par(antivirus, lieu.robinets["antivirus"]),
            "SEGURNUM_LETTRES=/etc/segurnum/lettres.json\n": "",
            "# STOCKAGE_URL=s3://KEY:SECRET@s3.exemple.fr/segurnum?region=fr-par": "STOCKAGE_URL="
            + par(s3, lieu.robinets["s3"]),
        },
    )
    (lieu.dossier / "portail.env").write_text(texte)
    lieu.postgres.executer(
        adapter(
            "base.sql", {"'PASSWORD-OF-THE-OWNER'": f"'{mot_de_passe}'", "'PASSWORD'": f"'{mot_de_passe}'"}
        )
    )
    adresse = f"postgres://segurnum_proprietaire:{mot_de_passe}@{LOCAL}:{lieu.postgres.port}/segurnum"
    (lieu.dossier / "proprietaire").write_text(adresse)
    gardees = {nom: os.environ[nom] for nom in ("HOME", "LANG", "LC_ALL", "TMPDIR") if nom in os.environ}
    chemin = f"{lieu.postgres.bin}{os.pathsep}{os.environ['PATH']}"
    return (
        gardees
        | variables(texte)
        | {
            "PATH": chemin,
            "DJANGO_SETTINGS_MODULE": "segurnum.config.settings",
            "PYTHONPATH": f"{RACINE / 'src'}{os.pathsep}{RACINE}",
        }
    )


def _donnees(lieu: Installation) -> None:
    """Migrations by the owner, with the documented script; static files; then what the walk starts from."""
    script = lieu.dossier / "portail-proprietaire"
    script.write_text(
        adapter(
            "portail-proprietaire",
            {
                "/etc/segurnum/": f"{lieu.dossier}/",
                "/var/lib/segurnum": lieu.dossier / "donnees",
                "runuser -u segurnum -- ": "",
                "/opt/segurnum/": f"{RACINE}/",
            },
        )
    )
    _executer(["/bin/sh", "-e", str(script), "django", "migrate", "--noinput"], lieu.env)
    lieu.commande("-m", "segurnum", "django", "collectstatic", "--noinput")


def _applications(lieu: Installation, ports: tuple[int, int]) -> None:
    """Two nodes, each with the folder of its own machine, and the two workers, by the very commands of their units."""
    communs = {"/opt/segurnum": RACINE}
    for nom, port in zip(NOEUDS, ports, strict=True):
        donnees = lieu.dossier / nom
        shutil.copytree(lieu.dossier / "donnees", donnees)
        unite = adapter("systemd/segurnum-web.service", communs | {"127.0.0.1:8000": f"{LOCAL}:{port}"})
        lieu.services[nom] = _service(lieu, nom, unite, donnees)
    for nom in OUVRIERS:
        commande = {f"segurnum ouvrier {nom}": "segurnum " + " ".join(ouvriers.commande(nom)[3:])}
        unite = adapter(f"systemd/segurnum-{nom}.service", communs | commande)
        lieu.services[nom] = _service(lieu, nom, unite, lieu.dossier / "donnees")


def _service(lieu: Installation, nom: str, unite: str, donnees: Path) -> Service:
    fichier = lieu.dossier / f"segurnum-{nom}.service"
    fichier.write_text(unite)
    verificateur = trouver("systemd-analyze")
    if verificateur:
        _executer([verificateur, "verify", str(fichier)], lieu.env)
    env = lieu.env | {"SEGURNUM_DONNEES": str(donnees)}
    return Service(nom, Unite.lire(unite), env, donnees, lieu.dossier / f"{nom}.log")


def _mandataires(lieu: Installation, haproxy: str, dire: Dire) -> None:
    lieu.services["haproxy"] = lieu.haproxy.preparer(haproxy)
    binaire = trouver("nginx")
    if binaire is None:
        dire("Le paquet « nginx » manque : le fournisseur passe par HAProxy seul.")
        return
    lieu.services["nginx"], lieu.nginx = nginx(binaire, lieu.dossier, lieu.haproxy.prive)


def comptes(lieu: Installation) -> dict[str, str]:
    """Who walks: see `preparation.comptes`; the JSON file as text."""
    lus: dict[str, str] = json.loads(lieu.commande("-m", "essai_deploiement.preparation", "comptes"))
    lus["json"] = base64.b64decode(lus["json"]).decode()
    return lus
