"""One case, tried in a child of its own that is held to its limits: the campaign goes on, or knows why."""

import json
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

MO = 1_048_576


@dataclass(frozen=True)
class Limites:
    """What one case may cost: CPU and wall seconds, octets of memory above what the parent has, octets of answer."""

    cpu: int = 6
    memoire: int = 400 * MO
    delai: float = 60.0
    reponse: int = 16 * MO


@dataclass(frozen=True)
class Issue:
    """What became of a case. `faute` is empty when nothing is wrong; `cpu` in seconds, the rest in octets."""

    faute: str = ""
    cpu: float = 0.0
    memoire: int = 0
    reponse: int = 0


def essayer(geste: Callable[[], int], limites: Limites) -> Issue:
    """Run the gesture, which answers how many octets it made; never raises because of it."""
    lecture, ecriture = os.pipe()
    enfant = os.fork()
    if enfant == 0:
        os.close(lecture)
        os.setpgid(0, 0)
        os.write(ecriture, json.dumps(asdict(_executer(geste, limites))).encode())
        os._exit(0)
    os.close(ecriture)
    try:
        return _attendre(enfant, lecture, limites)
    finally:
        os.close(lecture)
        with suppress(ProcessLookupError, PermissionError):  # what it has started and left behind
            os.killpg(enfant, signal.SIGKILL)


def _executer(geste: Callable[[], int], limites: Limites) -> Issue:
    avant, debut = _memoire(), time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (limites.cpu, limites.cpu + 1))
    # Address space rather than pages: what is asked for is refused there and then, as an exception.
    adresses = _adresses() + limites.memoire
    resource.setrlimit(resource.RLIMIT_AS, (adresses, adresses))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faute, reponse = "", 0
    try:
        reponse = geste()
    except MemoryError:
        faute = f"limite : plus de {limites.memoire // MO} Mo de mémoire"
    except BaseException as erreur:
        lieu = traceback.extract_tb(erreur.__traceback__)[-1]
        faute = (
            f"{type(erreur).__name__} : {str(erreur)[:500]} ({os.path.basename(lieu.filename)}:{lieu.lineno})"
        )
    if not faute and reponse > limites.reponse:
        faute = f"limite : {reponse} octets de réponse"
    return Issue(faute, time.process_time() - debut, max(0, _memoire() - avant), reponse)


def _attendre(enfant: int, lecture: int, limites: Limites) -> Issue:
    prete, _, _ = select.select([lecture], [], [], limites.delai)
    if not prete:
        os.kill(enfant, signal.SIGKILL)
    morceaux = []
    while prete and (morceau := os.read(lecture, 65_536)):
        morceaux.append(morceau)
    _, statut = os.waitpid(enfant, 0)
    if morceaux:
        lue: dict[str, Any] = json.loads(b"".join(morceaux))
        return Issue(**lue)
    if not prete:
        return Issue(f"limite : plus de {limites.delai:.0f} s d'attente")
    if os.WIFSIGNALED(statut) and os.WTERMSIG(statut) in (signal.SIGXCPU, signal.SIGKILL):
        return Issue(f"limite : plus de {limites.cpu} s de calcul", cpu=float(limites.cpu))
    return Issue(f"le processus s'est arrêté ({os.waitstatus_to_exitcode(statut)})")


def _memoire() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _adresses() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
