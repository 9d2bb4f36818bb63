"""What the tests of the pages share."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _mots_de_passe_rapides(settings: Any) -> None:
    """The real digest is slow on purpose; signing in is not what most of these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
