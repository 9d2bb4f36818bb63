"""An installation of real processes on this machine, each of its parts behind a tap, looked after as by units."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from endurance.bilan import Bilan
from segurnum.essais.parties import Antivirus, BoiteSmtp, par, serveur_antivirus, serveur_smtp
from segurnum.essais.robinet import Robinet
from segurnum.lanceur.postgres import ServeurPostgres
from segurnum.lanceur.reseau import port_libre

RELANCE = 1.0  # seconds between the death of a program and its new start
DELAI = 90.0  # seconds for all to be back
TAILLE_DU_DISQUE = 96  # Mo
PROC = Path("/proc")


class Installation:
    """Made by `installer`. `programmes`: by name; `robinets`: base, fichiers, courriels, antivirus."""

    def __init__(self, dossier: Path, bilan: Bilan) -> None:
        self.dossier, self.bilan = dossier, bilan
        self.serveur: ServeurPostgres
        self.boite: BoiteSmtp
        self.antivirus: Antivirus
        self.robinets: dict[str, Robinet] = {}
        self.programmes: dict[str, Any] = {}
        self.ports = (port_libre(), port_libre())
        self.disque: Path | None = None
        self.variables: dict[str, str] = {}  # the addresses of the parts, through their taps
        self._tues: set[str] = set()
        self._verrou = threading.Lock()
        self._fin = threading.Event()

    @property
    def donnees(self) -> Path:
        return self.dossier / "donnees"

    def lancer(self) -> None:
        """Two web nodes and the two workers; returns once the pages are there."""
        from segurnum.essais.programmes import Ouvrier, Web
        from segurnum.lanceur.ouvriers import FILES

        for rang, port in enumerate(self.ports, 1):
            self.programmes[f"web {rang}"] = Web(self.dossier, port=port, **self.variables)
        for nom in FILES:
            self.programmes[f"ouvrier {nom}"] = Ouvrier(self.dossier, nom, **self.variables)
        for programme in self.programmes.values():
            programme.lancer()
        self._gardien = threading.Thread(target=self._garder, daemon=True)
        self._gardien.start()
        self.attendre_le_retour()

    def arreter(self) -> None:
        self._fin.set()
        if self.programmes:
            self._gardien.join()
        for programme in self.programmes.values():
            with contextlib.suppress(ProcessLookupError):
                programme.processus.send_signal(signal.SIGTERM)
        for programme in self.programmes.values():
            programme.__exit__()

    def tuer(self, nom: str) -> None:
        """SIGKILL to a program, told of by nothing."""
        with self._verrou:
            self._tues.add(nom)
            self.programmes[nom].processus.kill()

    def descendance(self, nom: str, mots: str) -> list[int]:
        """The processes below a program whose command line holds these words."""
        racine = self.programmes[nom].processus.pid
        trouves, couche = [], {racine}
        parents = _parents()
        while couche:
            couche = {pid for pid, parent in parents.items() if parent in couche}
            trouves += [pid for pid in couche if mots in _commande(pid)]
        return sorted(trouves)

    def attendre_le_retour(self) -> bool:
        """Until both nodes show their page again and all programs live; False, and a difference, after DELAI."""
        from segurnum.essais.programmes import lire

        fin = time.monotonic() + DELAI
        while True:
            with contextlib.suppress(OSError):
                vivants = all(p.processus.poll() is None for p in self.programmes.values())
                if vivants and all(lire(port, "/segurnums/")[0] == 200 for port in self.ports):
                    return True
            if time.monotonic() > fin:
                return False
            time.sleep(0.1)

    def _garder(self) -> None:
        """Start again what died, a little later; note what died by itself."""
        reprises: dict[str, float] = {}
        while not self._fin.wait(0.05):
            for nom, programme in self.programmes.items():
                if programme.processus.poll() is None:
                    continue
                if nom not in reprises:
                    reprises[nom] = time.monotonic() + RELANCE
                    self._constater(nom, programme.processus.returncode)
                elif time.monotonic() > reprises[nom]:
                    programme.achever()
                    programme.lancer()
                    del reprises[nom]

    def _constater(self, nom: str, code: int) -> None:
        with self._verrou:
            attendu = nom in self._tues
            self._tues.discard(nom)
        if not attendu:
            self.bilan.mort(nom, code)


def _parents() -> dict[int, int]:
    parents = {}
    for dossier in PROC.iterdir():
        if dossier.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(dossier.name)] = int((dossier / "stat").read_text().rpartition(")")[2].split()[1])
    return parents


def _commande(pid: int) -> str:
    with contextlib.suppress(OSError):
        return PROC.joinpath(str(pid), "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


@contextlib.contextmanager
def installer(dossier: Path, bilan: Bilan) -> Iterator[Installation]:
    """The parts and their taps, and an empty base; `lancer` starts the programs."""
    from segurnum.essais.s3 import serveur_s3

    ici = Installation(dossier, bilan)
    ici.donnees.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as pile:
        ici.serveur = ServeurPostgres(dossier / "postgres")
        ici.serveur.reglages |= {"fsync": "off"}  # the machine itself does not fall
        base = ici.serveur.demarrer()
        pile.callback(_jeter_la_base, ici.serveur)
        ici.disque = _monter(ici.donnees / "televersements")
        if ici.disque is not None:
            pile.callback(subprocess.run, ["umount", "--lazy", str(ici.disque)], check=False)
        fichiers = pile.enter_context(serveur_s3())
        ici.boite = pile.enter_context(serveur_smtp())
        ici.antivirus = pile.enter_context(serveur_antivirus())
        adresses = {
            "DATABASE_URL": ("base", base, _port(base)),
            "STOCKAGE_URL": ("fichiers", fichiers, _port(fichiers)),
            "EMAIL_URL": ("courriels", ici.boite.adresse, ici.boite.port),
            "ANTIVIRUS_URL": ("antivirus", ici.antivirus.adresse, ici.antivirus.port),
        }
        for variable, (nom, adresse, port) in adresses.items():
            ici.robinets[nom] = pile.enter_context(Robinet(port))
            ici.variables[variable] = par(adresse, ici.robinets[nom])
        _preparer_django(ici, base, fichiers)
        pile.callback(_fermer_django)
        pile.callback(ici.arreter)
        yield ici


def _jeter_la_base(serveur: ServeurPostgres) -> None:
    """Its data may lie elsewhere than in the folder of the campaign: where its account gets to."""
    cluster = json.loads((serveur.dossier / "etat.json").read_text())["cluster"]
    serveur.arreter()
    shutil.rmtree(cluster, ignore_errors=True)


def _monter(dossier: Path) -> Path | None:
    """A small disk of memory, where this account may mount one: it can be filled."""
    dossier.mkdir(mode=0o700, parents=True)
    commande = [
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={TAILLE_DU_DISQUE}m,mode=0700",
        "endurance",
        str(dossier),
    ]
    try:
        monte = subprocess.run(commande, capture_output=True, check=False).returncode == 0
    except OSError:
        return None
    return dossier if monte else None


def _port(adresse: str) -> int:
    return int(urlsplit(adresse).port or 0)


def _preparer_django(ici: Installation, base: str, fichiers: str) -> None:
    os.environ.update(
        DATABASE_URL=base,
        STOCKAGE_URL=fichiers,
        SEGURNUM_DONNEES=str(ici.donnees),
        DJANGO_SETTINGS_MODULE="segurnum.config.settings",
        SEGURNUM_SECRET="endurance-sans-valeur-ailleurs",  # noqa: S106 - worth nothing elsewhere
        SEGURNUM_DEMO="0",
        SEGURNUM_HTTPS="0",
        SEGURNUM_STATIQUES_BRUTS="1",
        SEGURNUM_SECOND_FACTEUR_AGENTS="0",
        SEGURNUM_ANNUAIRE="demonstration",
    )
    for variable in ("EMAIL_URL", "ANTIVIRUS_URL"):
        os.environ.pop(variable, None)
    import logging

    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0, skip_checks=True)


def _fermer_django() -> None:
    from bench.base import fermer

    fermer()
