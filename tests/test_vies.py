"""Random lives of dossiers: what must hold holds after each gesture, whoever makes it, and at the end."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais.partage import fait_une_fois
from segurnum.essais.vies.gestes import JOUEURS, SANS_JOUEUR, TABLES, nom_de
from segurnum.essais.vies.machine import vivre
from segurnum.essais.vies.monde import Monde

pytestmark = [pytest.mark.django_db, pytest.mark.long]

NOMBRE = 60


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    with fait_une_fois(django_db_blocker, Monde.naitre) as monde:
        yield monde


def test_chaque_geste_des_cycles_de_vie_est_joue_ou_dit_pourquoi_non() -> None:
    gestes = {nom_de(passage.geste) for table in TABLES for passage in table.passages}
    assert gestes - set(JOUEURS) == set(SANS_JOUEUR) & gestes
    assert not set(JOUEURS) & set(SANS_JOUEUR)


def test_aucune_vie_ne_rompt_une_loi(monde: Monde) -> None:
    import time

    t = time.time()
    c = time.process_time()
    releve = vivre(monde, NOMBRE)
    print(releve.ecrire("", time.time() - t), time.process_time() - c)
    assert releve.vies >= NOMBRE
