"""What every test with a database needs, wherever it lies, and how long a property is looked for."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as proprietes
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais import base, modele
from segurnum.essais.horloge import Horloge
from segurnum.regles import calendrier

# A property holds or not: how loaded the machine is says nothing of it.
proprietes.register_profile("segurnum", deadline=None, suppress_health_check=[HealthCheck.too_slow])
proprietes.load_profile("segurnum")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The database of each process is a copy of one that went through the migrations."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = modele.pret()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool
) -> Iterator[None]:
    """Tests that commit may come before the others: those find the tables as the migrations make them, and so does
    the first of a run on a database that another run left.
    """
    if django_db_keepdb:
        with django_db_blocker.unblock():
            base.remettre()
    # Read once in a process: by a test that plays the demonstration, they would be a demonstration's to the end.
    import_module(settings.ROOT_URLCONF)
    with pytest.MonkeyPatch.context() as essais:
        essais.setattr(TransactionTestCase, "_fixture_teardown", lambda _: base.remettre())
        yield


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
