"""One connection to the mail server, kept for many mails and renewed after some."""

import contextlib
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from segurnum.courriels.reponses import juger
from segurnum.pannes import CourrielIndisponible


class Liaison:
    """Opened by its `with`, which raises CourrielIndisponible when nobody answers."""

    def __init__(self) -> None:
        self.connexion: Any = get_connection()
        self.remis = 0

    def __enter__(self) -> Self:
        self._ouvrir()
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fermer()

    def remettre(self, message: EmailMessage) -> None:
        """Hand a mail over. Raises what the server answers, ValueError for an address that cannot be written."""
        if self.remis >= settings.COURRIELS_PAR_CONNEXION:
            self._fermer()
            self._ouvrir()
            self.remis = 0
        self.remis += 1
        self.connexion.send_messages([message])

    def _ouvrir(self) -> None:
        try:
            self.connexion.open()
        except OSError as erreur:  # the exceptions of smtplib are OSErrors
            raise CourrielIndisponible(juger(erreur).erreur) from erreur

    def _fermer(self) -> None:
        with contextlib.suppress(OSError):  # what was answered stays true, however badly they part
            self.connexion.close()
