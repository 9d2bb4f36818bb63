"""The portal's side: a matrice for this process, a place among its children, the answer of one of them."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import pickle
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from segurnum.controles.problemes import lisible
from segurnum.isolement import codage
from segurnum.isolement.enfant import PLUS_DE_MEMOIRE, Travail
from segurnum.isolement.limites import ENFANTS_MAX, FICHIER, Limites
from segurnum.isolement.refus import ControleOccupe, EnfantPerdu, TropDeTravail
from segurnum.isolement.trames import (
    APPEL,
    BILAN,
    ELEMENT,
    ENFANT,
    FAUTE,
    FINIR,
    INCONNU,
    NUMERO,
    ORDRE,
    PRIS,
    RESULTAT,
    TRAVAIL,
    VALEUR,
    DelaiPasse,
    Lien,
    LienRompu,
    TrameInvalide,
)
from segurnum.isolement.transmission import a_lire

journal = logging.getLogger(__name__)

T = TypeVar("T")
Appels = Mapping[str, Callable[[Collection[str]], Any]]

APPELS_MAX = 8
REPONSE_DE_LA_MATRICE = 30.0  # seconds: its start, on a machine that is very busy
_DEPART = "import sys; from segurnum.isolement.matrice import principal; principal(int(sys.argv[1]))"
_GARDEES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")
_GARDEES_DE_L_ISOLEMENT = "SEGURNUM_ISOLEMENT_"
PROCESSEUR, MEMOIRE = "processeur", "mémoire"
# Causes of TropDeTravail that are the file's own, whatever else the machine was doing.
EPUISEMENTS = frozenset({PROCESSEUR, MEMOIRE})
_CAUSES = {signal.SIGXCPU: PROCESSEUR, signal.SIGKILL: "tué"}


class MatricePerdue(EnfantPerdu):
    """The matrice died, or does not answer; its children died with it."""


@dataclass
class Matrice:
    """A matrice that runs, and the socket that it obeys. One order at a time."""

    verrou: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.ordres, la_bas = socket.socketpair()
        with la_bas:
            self.processus = subprocess.Popen(
                [sys.executable, "-P", "-c", _DEPART, str(la_bas.fileno())],
                pass_fds=[la_bas.fileno()],
                env=_environnement(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self.ordres.settimeout(REPONSE_DE_LA_MATRICE)

    def enfant(self) -> tuple[int, socket.socket]:
        """A child that waits for its work. Raises MatricePerdue."""
        with self.verrou:
            try:
                self.ordres.sendall(ORDRE.pack(ENFANT, 0))
                recu, prises, _, _ = socket.recv_fds(self.ordres, NUMERO.size, 1)
            except OSError as perte:
                raise MatricePerdue from perte
        if len(recu) != NUMERO.size or not prises:
            raise MatricePerdue
        prise = socket.socket(fileno=prises[0])
        prise.set_inheritable(False)
        return NUMERO.unpack(recu)[0], prise

    def finir(self, numero: int) -> tuple[int, int, int]:
        """End a child, and what `matrice.BILAN` tells of it. Raises MatricePerdue."""
        recu = b""
        with self.verrou:
            try:
                self.ordres.sendall(ORDRE.pack(FINIR, numero))
                while len(recu) < BILAN.size and (morceau := self.ordres.recv(BILAN.size - len(recu))):
                    recu += morceau
            except OSError as perte:
                raise MatricePerdue from perte
        if len(recu) != BILAN.size:
            raise MatricePerdue
        statut, cpu, memoire = BILAN.unpack(recu)
        if statut == INCONNU:
            raise MatricePerdue
        return statut, cpu, memoire

    def arreter(self) -> None:
        """Close its socket, which ends it and its children; kill it if it does not listen."""
        self.ordres.close()
        try:
            self.processus.wait(2)
        except subprocess.TimeoutExpired:
            self.processus.kill()
            self.processus.wait()


def _environnement() -> dict[str, str]:
    """What a child may know of the portal's environment: no address, no secret."""
    gardees = {
        nom: valeur
        for nom, valeur in os.environ.items()
        if nom in _GARDEES or nom.startswith(_GARDEES_DE_L_ISOLEMENT)
    }
    return gardees | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


class Atelier:
    """The matrice of this process, started when it is first needed, and the places of its children."""

    def __init__(self, enfants: int = ENFANTS_MAX) -> None:
        self.places = threading.BoundedSemaphore(enfants)
        self.verrou = threading.Lock()
        self.matrice: Matrice | None = None

    def preparer(self) -> Matrice:
        """The matrice, started if there is none; it need not be ready yet. Raises EnfantPerdu."""
        with self.verrou:
            if self.matrice is None or self.matrice.processus.poll() is not None:
                self._oublier()
                try:
                    self.matrice = Matrice()
                except OSError as refus:
                    journal.error("La matrice des contrôles ne démarre pas : %s", refus.strerror)
                    raise EnfantPerdu from refus
            return self.matrice

    def remplacer(self, perdue: Matrice) -> None:
        """Another matrice instead of this one, unless somebody did it already."""
        with self.verrou:
            if self.matrice is perdue:
                journal.error("La matrice des contrôles s'est arrêtée : une autre la remplace.")
                self._oublier()

    def arreter(self) -> None:
        with self.verrou:
            self._oublier()

    def _oublier(self) -> None:
        if self.matrice is not None:
            self.matrice.arreter()
            self.matrice = None


_atelier = Atelier()
atexit.register(lambda: _atelier.arreter())


def _apres_bifurcation() -> None:
    """A copy of this process has a matrice of its own: two would otherwise talk on one socket."""
    global _atelier
    ancien, _atelier = _atelier, Atelier()
    if ancien.matrice is not None:
        ancien.matrice.ordres.close()
        ancien.matrice.processus.returncode = 0  # not this process's child


os.register_at_fork(after_in_child=_apres_bifurcation)


def preparer() -> None:
    """Start the matrice now, so that the first file does not wait for it; if it cannot, that file will say so."""
    with contextlib.suppress(EnfantPerdu):
        _atelier.preparer()


def arreter() -> None:
    """Stop the matrice and its children; the next file starts another."""
    _atelier.arreter()


def executer(
    fonction: Callable[..., T],
    /,
    *arguments: Any,
    flux: BinaryIO | bytes | None = None,
    limites: Limites = FICHIER,
    appels: Appels | None = None,
) -> T:
    """What a function of a module gives, run in a child: `fonction(flux, *arguments)`, or without `flux`.

    Its return annotation says what is accepted of it: plain values, dataclasses of them, octets. `appels`: functions
    of the portal that it may call, as `Question(nom)` among its arguments.
    Raises TropDeTravail when the child did not answer, ControleOccupe when there was none.
    """
    with a_lire(flux) as fichier:
        for essai in (1, 2):
            course = Course(fonction, arguments, fichier, limites, appels or {})
            try:
                with contextlib.closing(course.derouler()) as elements:
                    for _ in elements:
                        raise course.echec("un élément là où un résultat est attendu")
                resultat: T = course.resultat
                return resultat
            except EnfantPerdu:
                if essai == 2:
                    raise
    raise AssertionError("deux essais au plus")


def parcourir(
    fonction: Callable[..., Iterator[T]],
    /,
    *arguments: Any,
    flux: BinaryIO | bytes | None = None,
    limites: Limites = FICHIER,
    appels: Appels | None = None,
    bilan: Bilan | None = None,
) -> Generator[T, None, None]:
    """As `executer`, for a function that yields: each element is given as soon as it is there.

    Raises EnfantPerdu besides: what came before it cannot be given again. `bilan` is filled at the end.
    """
    with a_lire(flux) as fichier:
        course = Course(fonction, arguments, fichier, limites, appels or {}, bilan)
        yield from course.derouler()


@dataclass
class Bilan:
    """What a child has cost: seconds of processor, octets of memory at the most, seconds that it was waited for."""

    cpu: float = 0.0
    memoire: int = 0
    attente: float = 0.0

    def ajouter(self, autre: Bilan) -> None:
        """What another child has cost: time adds up, memory does not."""
        self.cpu += autre.cpu
        self.attente += autre.attente
        self.memoire = max(self.memoire, autre.memoire)


@dataclass
class Course:
    """One piece of work, from its place to the end of its child."""

    fonction: Callable[..., Any]
    arguments: tuple[Any, ...]
    fichier: int | None
    limites: Limites
    appels: Appels
    bilan: Bilan | None = None
    resultat: Any = None
    reste: float = 0.0

    def derouler(self) -> Generator[Any, None, None]:
        """Give each element; `resultat` is there at the end. Raises TropDeTravail, ControleOccupe, MatricePerdue."""
        if not _atelier.places.acquire(timeout=self.limites.duree):
            raise ControleOccupe
        try:
            yield from self._avec_un_enfant()
        finally:
            _atelier.places.release()

    def _avec_un_enfant(self) -> Generator[Any, None, None]:
        matrice = _atelier.preparer()
        try:
            numero, prise = matrice.enfant()
            try:
                with prise:
                    faute = yield from self._dialoguer(prise)
            finally:
                statut = self._finir(matrice, numero)
        except MatricePerdue:
            _atelier.remplacer(matrice)
            raise
        if faute is not None:
            raise self.echec(faute or _cause(statut))

    def _finir(self, matrice: Matrice, numero: int) -> int:
        statut, cpu, memoire = matrice.finir(numero)
        if self.bilan is not None:
            self.bilan.cpu, self.bilan.memoire = cpu / 1000, memoire * 1024
            self.bilan.attente = self.limites.duree - max(self.reste, 0)
        return statut

    def _dialoguer(self, prise: socket.socket) -> Generator[Any, None, str | None]:
        """Give each element; return None once the result is there, else why it is not (empty: the child died)."""
        lien = Lien(prise, taille_max=self.limites.reponse, duree=self.limites.duree)
        self.pris = False
        try:
            return (yield from self._echanger(lien, secrets.token_hex(12)))
        except DelaiPasse:
            return "délai"
        except (TrameInvalide, codage.ReponseInvalide) as faute:
            return f"réponse invalide ({faute})"
        except LienRompu as perte:
            if not self.pris:
                raise EnfantPerdu from perte
            return ""
        finally:
            self.reste = lien.reste or 0

    def _echanger(self, lien: Lien, etiquette: str) -> Generator[Any, None, str | None]:
        """What the child says, until its result or the fault that it met."""
        forme_element, forme_resultat = codage.forme_de(self.fonction)
        appels = 0
        self._confier(lien, etiquette)
        while True:
            genre, corps, blocs = lien.recevoir()
            if genre == RESULTAT:
                self.resultat = codage.lire(corps, blocs, etiquette, forme_resultat)
                return None
            if genre == ELEMENT and forme_element is not None:
                yield codage.lire(corps, blocs, etiquette, forme_element)
            elif genre == APPEL and appels < APPELS_MAX:
                appels += 1
                lien.envoyer(VALEUR, self._repondre(codage.lire(corps, blocs, etiquette, list[Any])))
            elif genre == FAUTE:
                return lisible(f"exception {corps[:300].decode('ascii', 'replace')}")
            elif genre == PRIS:
                self.pris = True
            else:
                raise TrameInvalide("une trame inattendue")

    def _confier(self, lien: Lien, etiquette: str) -> None:
        travail = Travail(
            f"{self.fonction.__module__}:{self.fonction.__qualname__}",
            self.arguments,
            self.limites,
            etiquette,
            self.fichier is not None,
        )
        lien.confier(self.fichier)
        lien.envoyer(TRAVAIL, pickle.dumps(travail, pickle.HIGHEST_PROTOCOL))

    def _repondre(self, question: list[Any]) -> bytes:
        nom, textes = codage.lecteur(tuple[str, list[str]])(question)
        if nom not in self.appels:
            raise TrameInvalide("une question que personne n'a permise")
        return pickle.dumps(self.appels[nom](textes), pickle.HIGHEST_PROTOCOL)

    def echec(self, cause: str) -> TropDeTravail:
        journal.warning("Lecture arrêtée (%s) : %s", self.fonction.__qualname__, cause)
        return TropDeTravail(cause)


def _cause(statut: int) -> str:
    if os.WIFSIGNALED(statut):
        numero = os.WTERMSIG(statut)
        return _CAUSES.get(signal.Signals(numero), f"signal {numero}")
    code = os.waitstatus_to_exitcode(statut)
    return MEMOIRE if code == PLUS_DE_MEMOIRE else f"code {code}"
