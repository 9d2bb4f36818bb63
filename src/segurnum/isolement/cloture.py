"""The fence around a child: what it may use, and what it no longer sees. Linux holds all of it; others, a part."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import signal
import sys
import sysconfig
from functools import cache
from pathlib import Path

from segurnum.isolement.filtre import refuser_le_reste
from segurnum.isolement.limites import Limites

DESCRIPTEURS_MAX = 64
FICHIER_MAX = 0  # octets: a child writes on its socket only

_LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_LIBC = ctypes.CDLL(None, use_errno=True)

# Landlock (Linux 5.13 and newer; the numbers are those of every architecture).
_CREER, _AJOUTER, _RESTREINDRE = 444, 445, 446
_LIRE_FICHIER, _LIRE_DOSSIER = 1 << 2, 1 << 3
_TOUS_LES_GESTES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_RESEAU, _PORTEES = 0b11, 0b11  # TCP bind and connect; abstract sockets and signals


class _Regles(ctypes.Structure):
    _fields_ = (("fichiers", ctypes.c_uint64), ("reseau", ctypes.c_uint64), ("portees", ctypes.c_uint64))


class _SousDossier(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("gestes", ctypes.c_uint64), ("dossier", ctypes.c_int32))


def enfermer() -> int:
    """What holds from before the file is known: dies with its parent, writes nothing, opens nothing but code.

    Returns the octets of addresses in use: the kernel does not tell them any more afterwards.
    """
    espace = _espace() if _LINUX else 0
    for numero in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(numero, signal.SIG_DFL)
    if _LINUX:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _LIBC.prctl(_PR_SET_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FICHIER_MAX, FICHIER_MAX))
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTEURS_MAX, DESCRIPTEURS_MAX))
    with contextlib.suppress(ValueError, OSError, AttributeError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if _LINUX:
        _fermer_le_disque()
        refuser_le_reste(_LIBC)
    return espace


def limiter(limites: Limites, espace: int) -> None:
    """What this file may cost. Past the memory, MemoryError; past the processor, SIGXCPU, which kills."""
    _borner(resource.RLIMIT_DATA, limites.memoire)
    if espace:
        # Shared memory is not told by RLIMIT_DATA; the code of the libraries, already there, is added here.
        _borner(resource.RLIMIT_AS, espace + limites.memoire)
    resource.setrlimit(resource.RLIMIT_CPU, (limites.cpu, limites.cpu_en_tout + 1))


def nouvelle_part(cpu: int) -> None:
    """`cpu` more seconds of processor from now on, within those of the whole."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, en_tout = resource.getrlimit(resource.RLIMIT_CPU)
    part = math.ceil(usage.ru_utime + usage.ru_stime) + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (min(part, en_tout), en_tout))


def _borner(ressource: int, valeur: int) -> None:
    resource.setrlimit(ressource, (valeur, valeur))


def _espace() -> int:
    """Octets of the addresses in use."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _fermer_le_disque() -> None:
    """Landlock, where the kernel has it: code and its data are read, nothing else; no TCP, no signal outside."""
    if (ensemble := ce_qui_se_lit()) is not None:
        _LIBC.syscall(_RESTREINDRE, ensemble, 0)
        os.close(ensemble)


@cache
def ce_qui_se_lit() -> int | None:
    """The rules of Landlock, as a descriptor made once for all the children; None where the kernel has none."""
    version = _LIBC.syscall(_CREER, None, ctypes.c_size_t(0), 1) if _LINUX else 0
    if version < 1:
        return None
    gestes = max(masque for depuis, masque in _TOUS_LES_GESTES.items() if depuis <= version)
    regles = _Regles(gestes, _RESEAU if version >= 4 else 0, _PORTEES if version >= 6 else 0)
    taille = 8 if version < 4 else 16 if version < 6 else 24
    ensemble: int = _LIBC.syscall(_CREER, ctypes.byref(regles), ctypes.c_size_t(taille), 0)
    if ensemble < 0:
        return None
    for dossier in _code():
        with contextlib.suppress(OSError):
            prise = os.open(dossier, os.O_PATH | os.O_CLOEXEC)
            lus = _LIRE_FICHIER | (_LIRE_DOSSIER if os.path.isdir(dossier) else 0)
            _LIBC.syscall(_AJOUTER, ensemble, 1, ctypes.byref(_SousDossier(lus, prise)), 0)
            os.close(prise)
    return ensemble


def _code() -> set[str]:
    """The interpreter, its libraries and this package: what is imported late is read there.

    The kernel's chance too: without it, qpdf opens no PDF that AES-256 protects.
    """
    chemins = sysconfig.get_paths()
    return {
        str(Path(__file__).resolve().parents[1]),
        *(chemins[nom] for nom in ("stdlib", "platstdlib", "purelib", "platlib")),
        *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
        "/dev/urandom",
    }
