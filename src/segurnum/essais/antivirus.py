"""An antivirus daemon for the tests, which may fall silent: it accepts, reads, and says nothing."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MENACE = b"MENACE-INVENTEE"


@dataclass
class Demon:
    """What the test says to the daemon. `muet`: what comes from now on is left without an answer."""

    adresse: str
    reveil: threading.Event = field(default_factory=threading.Event)
    muet: bool = False
    vus: int = 0

    def parler(self) -> None:
        self.muet = False
        self.reveil.set()


class _Reponse(socketserver.StreamRequestHandler):
    """Speaks INSTREAM: finds the invented threat, and answers nonsense to the word « bavard »."""

    server: "_Serveur"

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            return  # it has hung up
        recu = b""
        while taille := struct.unpack("!I", self.rfile.read(4))[0]:
            recu += self.rfile.read(taille)
        demon = self.server.demon
        demon.vus += 1
        if demon.muet:
            demon.reveil.wait()
            return
        reponse = b"stream: Menace.Inventee FOUND" if MENACE in recu else b"stream: OK"
        self.wfile.write((b"INSTREAM size limit exceeded. ERROR" if b"bavard" in recu else reponse) + b"\0")


class _Serveur(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    demon: Demon


@contextmanager
def antivirus(port: int = 0) -> Iterator[Demon]:
    """A daemon of this machine, on this port or on any that is free."""
    with _Serveur(("127.0.0.1", port), _Reponse) as serveur:
        serveur.demon = demon = Demon(f"tcp://127.0.0.1:{serveur.server_address[1]}")
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        try:
            yield demon
        finally:
            demon.reveil.set()
            serveur.shutdown()
