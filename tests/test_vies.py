"""Random lives of dossiers, by random people at random hours: what must hold holds after each gesture, and at the end."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais.partage import fait_une_fois
from segurnum.essais.vies.machine import vivre
from segurnum.essais.vies.monde import Monde

pytestmark = pytest.mark.django_db

NOMBRE = 40


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    with fait_une_fois(django_db_blocker, Monde.naitre) as monde:
        yield monde


def test_aucune_vie_ne_rompt_une_loi(monde: Monde) -> None:
    import time

    t = time.time()
    c = time.process_time()
    releve = vivre(monde, NOMBRE)
    print(releve, time.time() - t, time.process_time() - c)
    assert releve.vies >= NOMBRE
