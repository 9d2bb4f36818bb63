"""A tap on the way to a part: what goes through it flows, stops, or is cut, as the test says.

with Robinet(port_de_postgresql) as robinet:
    ...  # the programs are told robinet.port
    robinet.fermer()
    robinet.ouvrir()
"""

import contextlib
import socket
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from typing import Self

from segurnum.lanceur.reseau import LOCAL

TRANCHE = 64 * 1024  # octets
DELAI = 10.0  # seconds


class Robinet:
    """A TCP relay of this machine, open at the beginning of the `with`. Its port stays its own even when closed."""

    def __init__(self, vers: int) -> None:
        """`vers`: the port of the part, on this machine."""
        self.vers = vers
        self._reserve = socket.socket()  # bound, never listening: who connects is refused
        self._reserve.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._reserve.bind((LOCAL, 0))
        self.port: int = self._reserve.getsockname()[1]
        self._ecoute: socket.socket | None = None
        self._coule = Event()
        self._verrou = Lock()
        self._vivants: set[socket.socket] = set()
        self._fils: list[Thread] = []

    def __enter__(self) -> Self:
        self.ouvrir()
        return self

    def __exit__(self, *exception: object) -> None:
        self.fermer()
        self._reserve.close()
        for fil in self._fils:
            fil.join(DELAI)

    def ouvrir(self) -> None:
        """All flows. Connections that were frozen go on; those made meanwhile reach the part now."""
        if self._ecoute is None:
            self._ecoute = socket.create_server((LOCAL, self.port), reuse_port=True, backlog=128)
            self._lancer(self._accueillir, self._ecoute)
        self._coule.set()

    def fermer(self) -> None:
        """The part is stopped: living connections are cut, new ones are refused."""
        if self._ecoute is not None:
            _eteindre(self._ecoute)  # wakes accept()
            self._ecoute.close()
            self._ecoute = None
        self.couper()
        self._coule.set()

    def geler(self) -> None:
        """The part hangs: connections are taken, and nothing is said on any of them."""
        self.ouvrir()
        self._coule.clear()

    def couper(self) -> int:
        """Living connections are cut at once, the state stays; answers how many were."""
        with self._verrou:
            vivants = list(self._vivants)
        for prise in vivants:
            _eteindre(prise)
        return len(vivants) // 2

    def _lancer(self, geste: Callable[..., None], *prises: socket.socket) -> Thread:
        fil = Thread(target=geste, args=prises, daemon=True)
        fil.start()
        with self._verrou:
            self._fils = [autre for autre in self._fils if autre.is_alive()] + [fil]
        return fil

    def _accueillir(self, ecoute: socket.socket) -> None:
        while True:
            try:
                client, _ = ecoute.accept()
            except OSError:
                return
            self._lancer(self._servir, client)

    def _servir(self, client: socket.socket) -> None:
        with client, self._suivi(client):
            self._coule.wait()
            try:
                part = socket.create_connection((LOCAL, self.vers), timeout=DELAI)
            except OSError:
                return
            part.settimeout(None)
            with part, self._suivi(part):
                retour = self._lancer(self._verser, part, client)
                self._verser(client, part)
                retour.join()

    @contextlib.contextmanager
    def _suivi(self, prise: socket.socket) -> Iterator[None]:
        prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a relay keeps nobody waiting
        with self._verrou:
            self._vivants.add(prise)
        try:
            yield
        finally:
            with self._verrou:
                self._vivants.discard(prise)

    def _verser(self, source: socket.socket, vers: socket.socket) -> None:
        """One direction, until its end, which the other side is told."""
        try:
            while tranche := source.recv(TRANCHE):
                self._coule.wait()
                vers.sendall(tranche)
            with contextlib.suppress(OSError):
                vers.shutdown(socket.SHUT_WR)
        except OSError:
            _eteindre(source)
            _eteindre(vers)


def _eteindre(prise: socket.socket) -> None:
    with contextlib.suppress(OSError):
        prise.shutdown(socket.SHUT_RDWR)
