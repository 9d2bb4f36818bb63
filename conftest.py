"""What every test with a database needs, wherever it lies, and how long a property is looked for."""

from collections.abc import Generator, Iterator

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as proprietes
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from segurnum.essais import base
from segurnum.essais.horloge import Horloge
from segurnum.regles import calendrier

# A property holds or not: how loaded the machine is says nothing of it.
proprietes.register_profile("segurnum", deadline=None, suppress_health_check=[HealthCheck.too_slow])
proprietes.load_profile("segurnum")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool
) -> None:
    """Tests that commit empty the tables after them; the journal refuses to be emptied, so its guard is lowered.

    Only the guard against TRUNCATE: the tests of the journal show the three guards, raised, in their transaction.
    """
    with django_db_blocker.unblock():
        with connection.cursor() as curseur:
            curseur.execute("ALTER TABLE journal_evenement DISABLE TRIGGER journal_sans_vidage")
        if django_db_keepdb:
            base.reprendre()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Tests that commit may come before the others: those find the tables as the migrations make them."""
    rendu = yield
    # After the last one the database itself is gone.
    if nextitem is not None and _valide_en_base(item):
        with item.config.stash[blocking_manager_key].unblock():
            base.remettre()
    return rendu


def _valide_en_base(item: pytest.Item) -> bool:
    """Whether the test commits, and the tables are emptied after it."""
    marque = item.get_closest_marker("django_db")
    demandees = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(demandees or (marque and marque.kwargs.get("transaction")))


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
