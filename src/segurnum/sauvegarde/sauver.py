"""Making a back-up: the database first, in one snapshot, then the files that its rows name and that are not there yet.

A file never changes under its name, so copying one while the portal runs is safe; what a row of the snapshot names is
not erased meanwhile (`VERROU_SAUVEGARDE`). One that comes during the back-up belongs to the next.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.core.files.storage import default_storage

from segurnum.fichiers.stockage import graver
from segurnum.regles import calendrier
from segurnum.sauvegarde import base
from segurnum.sauvegarde.chiffrement import Chiffrement
from segurnum.sauvegarde.ecriture import TRANCHE, Ecrit, ecrire
from segurnum.sauvegarde.erreurs import SauvegardeImpossible
from segurnum.sauvegarde.manifeste import (
    EN_COURS,
    FICHIERS,
    Manifeste,
    chemin_de,
    fichiers_de,
    interrompues,
    nom_libre,
    terminees,
)

LISTE_SQL = 'SELECT empreinte, taille FROM fichiers_fichier ORDER BY empreinte COLLATE "C"'
Dire = Callable[[str], object]
Avancer = Callable[[int, int], object]


@dataclass
class Copie:
    """What came of the files: how many were copied and already there, and those that the store did not give right."""

    nombre: int = 0
    octets: int = 0
    copies: int = 0
    perdus: list[str] = field(default_factory=list)
    alteres: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Bilan:
    dossier: Path
    manifeste: Manifeste
    copies: int
    oubliees: int


class _Altere(Exception):
    """The store gave other bytes than those of the digest."""


def sauvegarder(
    *,
    dossier: Path,
    chiffrement: Chiffrement,
    garder: int | None = None,
    dire: Dire = lambda _phrase: None,
    avancer: Avancer = lambda _fait, _total: None,
) -> Bilan:
    """Add a back-up to a folder. `garder`: how many are kept, this one included. Raises SauvegardeImpossible.

    An unfinished one has a name that says so, and goes at the next.
    """
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _seul(dossier):
        for reste in interrompues(dossier):
            dire(f"La sauvegarde {reste.name} n'avait pas été finie : elle est effacée.")
            shutil.rmtree(reste)
        instant = calendrier.maintenant()
        nom = nom_libre(dossier, instant)
        travail = dossier / f"{nom}{EN_COURS}"
        travail.mkdir(mode=0o700)
        try:
            with base.sans_menage() as lien:
                manifeste, copies = _faire(
                    dossier, travail, lien, chiffrement, instant.isoformat(), dire, avancer
                )
        except (psycopg.OperationalError, psycopg.InterfaceError) as panne:
            raise SauvegardeImpossible(f"la base ne répond plus : {panne}") from panne
        finie = travail.rename(dossier / nom)
        graver([dossier], dossier)
        oubliees = _oublier(dossier, garder) if garder else 0
    return Bilan(finie, manifeste, copies, oubliees)


@contextmanager
def _seul(dossier: Path) -> Iterator[None]:
    with open(dossier / ".verrou", "w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as occupe:
            raise SauvegardeImpossible(
                f"une autre sauvegarde est en cours dans {dossier} : attendez sa fin."
            ) from occupe
        yield


def _faire(
    dossier: Path,
    travail: Path,
    lien: "psycopg.Connection[object]",
    chiffrement: Chiffrement,
    instant: str,
    dire: Dire,
    avancer: Avancer,
) -> tuple[Manifeste, int]:
    version = base.version_du_serveur(lien)
    pg_dump, outil = base.outil("pg_dump", version)
    dump = travail / f"base.dump{chiffrement.suffixe}"
    tetes, liste = travail / "tetes.txt", travail / "fichiers.txt"
    with base.instantane(lien) as vue:
        dire("Base de données…")
        ecrire(base.extraire(pg_dump, vue.nom), dump, chiffrement.commande)
        ecrire(_lignes(vue.parcourir(base.TETES)), tetes)
        ecrire(_lignes(vue.parcourir(LISTE_SQL)), liste)
        lignes, ruptures = vue.lignes(), vue.ruptures()
    dire("Fichiers…")
    copie = _copier(dossier, liste, lignes["public.fichiers_fichier"], chiffrement, avancer)
    lien.execute("SELECT 1")  # the lock that held the files was ours to the end
    manifeste = Manifeste(
        instant=instant,
        postgresql=version,
        outil=outil,
        chiffrement=chiffrement.outil,
        base=Ecrit.lire(dump),
        tetes=Ecrit.lire(tetes),
        liste=Ecrit.lire(liste),
        nombre=copie.nombre,
        octets=copie.octets,
        lignes=lignes,
        ruptures=ruptures,
        perdus=copie.perdus,
        alteres=copie.alteres,
    )
    manifeste.ecrire(travail)
    return manifeste, copie.copies


def _lignes(rangees: Iterator[tuple[object, ...]]) -> Iterator[bytes]:
    for rangee in rangees:
        yield (" ".join(map(str, rangee)) + "\n").encode()


def _copier(dossier: Path, liste: Path, total: int, chiffrement: Chiffrement, avancer: Avancer) -> Copie:
    """Copy what no back-up of this folder has yet. The store's faults are told at the end, and stop nothing."""
    copie = Copie()
    for empreinte, taille in fichiers_de(liste):
        copie.nombre += 1
        copie.octets += taille
        destination = chemin_de(dossier, empreinte, chiffrement.suffixe)
        if not _deja_la(destination, taille, chiffrement):
            try:
                ecrire(_octets(empreinte, taille), destination, chiffrement.commande, racine=dossier)
                copie.copies += 1
            except FileNotFoundError:
                copie.perdus.append(empreinte)
            except _Altere:
                copie.alteres.append(empreinte)
        avancer(copie.nombre, total)
    return copie


def _deja_la(destination: Path, taille: int, chiffrement: Chiffrement) -> bool:
    """What is there under its name is whole; an unencrypted copy shows its size besides."""
    try:
        lue = destination.stat().st_size
    except FileNotFoundError:
        return False
    return bool(chiffrement.suffixe) or lue == taille


def _octets(empreinte: str, taille: int) -> Iterator[bytes]:
    """The bytes of a stored file, whose digest is checked as they go."""
    calcul, lus = hashlib.sha256(), 0
    with default_storage.open(f"{empreinte[:2]}/{empreinte[2:4]}/{empreinte}", "rb") as flux:
        while bloc := flux.read(TRANCHE):
            calcul.update(bloc)
            lus += len(bloc)
            yield bloc
    if (calcul.hexdigest(), lus) != (empreinte, taille):
        raise _Altere


def _oublier(dossier: Path, garder: int) -> int:
    """Erase the oldest back-ups, then the files that none of those left names. Returns how many back-ups went."""
    toutes = terminees(dossier)
    anciennes = toutes[:-garder]
    for ancienne in anciennes:
        shutil.rmtree(ancienne)
    if anciennes:
        gardes = {
            empreinte
            for gardee in toutes[-garder:]
            for empreinte, _ in fichiers_de(gardee / Manifeste.lire(gardee).liste.nom)
        }
        for fichier in (dossier / FICHIERS).glob("*/*/*"):
            if fichier.name.partition(".")[0] not in gardes:
                fichier.unlink()
    return len(anciennes)
