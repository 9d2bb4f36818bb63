"""What every test with a database needs, wherever it lies."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais.horloge import Horloge
from segurnum.regles import calendrier


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests that commit empty the tables after them; the journal refuses to be emptied, so its guard is lowered.

    Only the guard against TRUNCATE: the tests of the journal show the three guards, raised, in their transaction.
    """
    with django_db_blocker.unblock(), connection.cursor() as curseur:
        curseur.execute("ALTER TABLE journal_evenement DISABLE TRIGGER journal_sans_vidage")


@pytest.fixture(scope="session", autouse=True)
def _mots_de_passe_rapides() -> Iterator[None]:
    """The real digest is slow on purpose; signing in is not what most of these tests are about."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> Horloge:
    avancee = Horloge()
    monkeypatch.setattr(calendrier, "_avance", avancee)
    return avancee
