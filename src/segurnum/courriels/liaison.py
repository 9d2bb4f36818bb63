"""One connection to the mail server, kept for many mails and renewed after some."""

import contextlib
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from segurnum.courriels.reponses import juger
from segurnum.pannes import CourrielIndisponible


class Liaison:
    """Made when it is first needed, closed at the end of its `with`."""

    def __init__(self) -> None:
        self.connexion: Any = None
        self.remis = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fermer()

    def assurer(self) -> None:
        """Have a connection for the next mail. Raises CourrielIndisponible when nobody answers."""
        if self.remis >= settings.COURRIELS_PAR_CONNEXION:
            self._fermer()
        if self.connexion is not None:
            return
        connexion: Any = get_connection()
        try:
            connexion.open()
        except OSError as erreur:  # the exceptions of smtplib are OSErrors
            raise CourrielIndisponible(juger(erreur).erreur) from erreur
        self.connexion, self.remis = connexion, 0

    def remettre(self, message: EmailMessage) -> None:
        """Hand a mail over. Raises what the server answers, ValueError for an address that cannot be written."""
        self.remis += 1
        self.connexion.send_messages([message])

    def _fermer(self) -> None:
        if self.connexion is not None:
            with contextlib.suppress(OSError):  # what was answered stays true, however badly they part
                self.connexion.close()
        self.connexion = None
