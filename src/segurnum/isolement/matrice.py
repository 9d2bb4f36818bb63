"""The process that children are forked from: single-threaded, without secrets, everything imported beforehand.

It is started by `atelier`, obeys two orders on its socket, and ends with it. A child is always ready ahead.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket

from segurnum.isolement import cloture
from segurnum.isolement.enfant import vivre
from segurnum.isolement.lectures import echauffer
from segurnum.isolement.trames import BILAN, ENFANT, INCONNU, NUMERO, ORDRE


class Matrice:
    def __init__(self, ordres: socket.socket) -> None:
        self.ordres = ordres
        self.vivants: set[int] = set()
        self.pret = self._engendrer()

    def servir(self) -> None:
        """Obey until the portal is gone."""
        while ordre := self._lire():
            genre, numero = ORDRE.unpack(ordre)
            if genre == ENFANT:
                numero, prise = self.pret
                socket.send_fds(self.ordres, [NUMERO.pack(numero)], [prise.fileno()])
                prise.close()
                self.pret = self._engendrer()
            else:
                self.ordres.sendall(BILAN.pack(*self._finir(numero)))

    def _lire(self) -> bytes:
        recu = b""
        while len(recu) < ORDRE.size and (morceau := self.ordres.recv(ORDRE.size - len(recu))):
            recu += morceau
        return recu if len(recu) == ORDRE.size else b""

    def _engendrer(self) -> tuple[int, socket.socket]:
        ici, la_bas = socket.socketpair()
        numero = os.fork()
        if numero == 0:
            self.ordres.close()
            ici.close()
            vivre(la_bas)
        la_bas.close()
        self.vivants.add(numero)
        return numero, ici

    def _finir(self, numero: int) -> tuple[int, int, int]:
        """Kill a child that is still there, and tell how it ended."""
        if numero not in self.vivants:
            return INCONNU, 0, 0
        fini, statut, usage = os.wait4(numero, os.WNOHANG)
        if not fini:
            with contextlib.suppress(ProcessLookupError):
                os.kill(numero, signal.SIGKILL)
            _, statut, usage = os.wait4(numero, 0)
        self.vivants.discard(numero)
        return statut, int(1000 * (usage.ru_utime + usage.ru_stime)), int(usage.ru_maxrss)

    def tout_finir(self) -> None:
        for numero in list(self.vivants):
            self._finir(numero)


def principal(descripteur: int) -> None:
    """The whole life of this process. `descripteur`: of the socket that orders come by."""
    # A Ctrl-C or a stop of the group is for the portal, which finishes what it does, then leaves.
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, signal.SIG_IGN)
    cloture.ce_qui_se_lit()
    echauffer()
    gc.collect()
    gc.freeze()
    ordres = socket.socket(fileno=descripteur)
    ordres.set_inheritable(False)
    matrice = Matrice(ordres)
    try:
        with contextlib.suppress(OSError):
            matrice.servir()
    finally:
        matrice.tout_finir()
