"""A clock that a test holds, and moves while the body of a form is being read."""

import io
from datetime import datetime
from typing import Any

import pytest

from segurnum.regles import calendrier
from segurnum.web.tests.depot import Reponse


class HorlogeTenue:
    """The clock of the portal, held still: a test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.instant = calendrier.maintenant()
        self.monkeypatch = monkeypatch
        monkeypatch.setattr(calendrier, "maintenant", lambda: self.instant)

    def avancer_pendant_la_lecture(self, client: Any, instant: datetime) -> None:
        """The body of the next forms takes until then to be read."""
        horloge, envoyer = self, client.generic

        class Lent(io.BytesIO):
            def read(self, *args: Any) -> bytes:
                horloge.instant = instant
                return super().read(*args)

        def generic(methode: str, chemin: str, data: Any = "", *args: Any, **extra: Any) -> Reponse:
            if methode == "POST":
                extra["wsgi.input"] = Lent(data)
            return envoyer(methode, chemin, data, *args, **extra)

        self.monkeypatch.setattr(client, "generic", generic)
