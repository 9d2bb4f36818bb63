"""The parts that the portal leans on, as real servers of this machine: mail, antivirus, store, database.

Put a `Robinet` in front of any of them to stop it; `par` writes the address that goes through it.
"""

import email
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from segurnum.essais.robinet import Robinet
from segurnum.lanceur.reseau import LOCAL, port_libre

MENACE = b"MENACE-INVENTEE"  # what the antivirus finds


def par(adresse: str, robinet: Robinet) -> str:
    """The same address of a part (URL), through a tap."""
    lue = urlsplit(adresse)
    qui, arobase, _ = lue.netloc.rpartition("@")
    return lue._replace(netloc=f"{qui}{arobase}{LOCAL}:{robinet.port}").geturl()


@dataclass(frozen=True)
class Recu:
    """A mail that the server took, as its headers say."""

    message_id: str
    destinataire: str
    objet: str


@dataclass
class BoiteSmtp:
    """An SMTP server that keeps what it took; `refus` makes it answer so to every mail (« 451 4.3.0 plus tard »)."""

    recus: list[Recu] = field(default_factory=list)
    refus: str = ""
    port: int = field(default_factory=port_libre)

    @property
    def adresse(self) -> str:
        """Its EMAIL_URL."""
        return f"smtp://{LOCAL}:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refus:
            return self.refus
        message = email.message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.recus += [
            Recu(str(message["Message-ID"] or "").strip(), destinataire, str(message["Subject"] or ""))
            for destinataire in envelope.rcpt_tos
        ]
        return "250 2.0.0 Message kept"


@contextmanager
def serveur_smtp() -> Iterator[BoiteSmtp]:
    """An SMTP server of this machine, and what it received."""
    boite = BoiteSmtp()
    serveur = Controller(boite, hostname=LOCAL, port=boite.port)
    serveur.start()
    try:
        yield boite
    finally:
        serveur.stop()


class Antivirus(socketserver.ThreadingTCPServer):
    """A ClamAV daemon: PING, VERSION and INSTREAM, where it finds MENACE. `muet`: it listens and never answers."""

    daemon_threads = True
    block_on_close = False  # a mute answer lasts as long as its client does
    muet = False

    def __init__(self) -> None:
        super().__init__((LOCAL, 0), _Analyse)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def adresse(self) -> str:
        """Its ANTIVIRUS_URL."""
        return f"tcp://{LOCAL}:{self.port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is no error of the daemon's."""


class _Analyse(socketserver.StreamRequestHandler):
    server: Antivirus

    def handle(self) -> None:
        reponse = self._repondre(self._commande())
        if self.server.muet:
            self.rfile.read()  # until the client hangs up
        else:
            self.wfile.write(reponse + b"\0")

    def _commande(self) -> bytes:
        lue = b""
        while not lue.endswith(b"\0") and (octet := self.rfile.read(1)):
            lue += octet
        return lue

    def _repondre(self, commande: bytes) -> bytes:
        if commande == b"zPING\0":
            return b"PONG"
        if commande == b"zVERSION\0":
            return b"ClamAV 1.4.3/27800/Sun Nov 29 08:00:00 2026"
        if commande != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        return b"stream: Menace.Inventee FOUND" if self._menace() else b"stream: OK"

    def _menace(self) -> bool:
        trouvee, fin = False, b""
        while taille := struct.unpack("!I", self.rfile.read(4))[0]:
            recu = fin + self.rfile.read(taille)
            trouvee |= MENACE in recu
            fin = recu[-len(MENACE) :]
        return trouvee


@contextmanager
def serveur_antivirus() -> Iterator[Antivirus]:
    """An antivirus of this machine."""
    with Antivirus() as demon:
        fil = threading.Thread(target=demon.serve_forever, args=(0.05,), daemon=True)
        fil.start()
        try:
            yield demon
        finally:
            demon.shutdown()
            fil.join()
