"""What the tests of the pages share."""

from typing import Any

import pytest

from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.web.tests.horloge_tenue import HorlogeTenue


@pytest.fixture
def tout_est_infecte(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An antivirus that finds a threat in whatever comes."""
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:1"
    monkeypatch.setattr(antivirus, "analyser", lambda *_, **__: Analyse.INFECTE)


@pytest.fixture
def horloge_tenue(monkeypatch: pytest.MonkeyPatch) -> HorlogeTenue:
    return HorlogeTenue(monkeypatch)
