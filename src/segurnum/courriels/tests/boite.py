"""A mail server of this machine that answers what it is told to, and keeps what it took."""

import asyncio
import email
from collections import Counter
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from segurnum.lanceur.reseau import LOCAL, port_libre


@dataclass
class Boite:
    """`reponses`: what an addressee is answered (« 550 5.1.1 inconnu »). `coupures`: mails during which it hangs up.

    `muette`: it takes mails and says nothing, until told otherwise.
    """

    recus: list[EmailMessage] = field(default_factory=list)
    enveloppes: list[str] = field(default_factory=list)
    reponses: dict[str, str] = field(default_factory=dict)
    fin: str = "250 2.0.0 pris"
    coupures: int = 0
    muette: bool = False
    connexions: int = 0
    port: int = field(default_factory=port_libre)

    def __post_init__(self) -> None:
        self.serveur: Any = None

    def ouvrir(self) -> None:
        self.serveur = Controller(self, hostname=LOCAL, port=self.port)
        self.serveur.start()

    def fermer(self) -> None:
        if self.serveur is not None:
            self.serveur.stop()
            self.serveur = None

    @property
    def par_message(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(recu["Message-ID"]) for recu in self.recus)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connexions += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        reponse = self.reponses.get(address, "250 2.1.5 connu")
        if reponse.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reponse

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self.fin.startswith("2"):
            return self.fin
        contenu = envelope.content
        assert isinstance(contenu, bytes)
        message = email.message_from_bytes(contenu, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.recus.append(message)
        self.enveloppes.append(envelope.mail_from or "")
        while self.muette:
            await asyncio.sleep(0.02)
        if self.coupures:
            self.coupures -= 1
            transport: Any = server.transport
            transport.abort()  # taken, and nobody was told
        return self.fin
