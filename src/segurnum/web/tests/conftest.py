"""What the tests of the pages share."""

from typing import Any

import pytest

from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.web.tests.horloge_tenue import HorlogeTenue


@pytest.fixture(autouse=True)
def _mots_de_passe_rapides(settings: Any) -> None:
    """The real digest is slow on purpose; signing in is not what most of these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def tout_est_infecte(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An antivirus that finds a threat in whatever comes."""
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:1"
    monkeypatch.setattr(antivirus, "analyser", lambda *_, **__: Analyse.INFECTE)


@pytest.fixture
def horloge_tenue(monkeypatch: pytest.MonkeyPatch) -> HorlogeTenue:
    return HorlogeTenue(monkeypatch)
