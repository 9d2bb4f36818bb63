"""The database that those of tests are copies of."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from segurnum.essais import modele

pytestmark = pytest.mark.django_db

PREFIXE = "segurnum_modele_d_essai_"


@pytest.fixture
def faits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was asked of the migrations, which are not run."""
    appels: list[Any] = []
    monkeypatch.setattr(modele, "_PREFIXE", PREFIXE)
    monkeypatch.setattr(modele, "call_command", lambda *mots, **_: appels.append(mots))
    # This test is in a transaction of its own: the connection that is let go is not its.
    monkeypatch.setattr(modele, "_fermer", lambda: None)
    yield appels
    for nom in _bases():
        _ordonner(f'DROP DATABASE "{nom}" WITH (FORCE)')


def _ordonner(ordre: str) -> None:
    with connection._nodb_cursor() as curseur:
        curseur.execute(ordre)


def _bases() -> list[str]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIXE])
        return [ligne[0] for ligne in curseur.fetchall()]


def test_la_base_modele_se_fait_une_fois_pour_toutes(faits: list[Any]) -> None:
    assert modele.pret() == modele.pret()
    assert faits == [("migrate",)]


def test_une_migration_changee_refait_la_base_modele_et_efface_l_ancienne(
    faits: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ancienne = modele.pret()
    monkeypatch.setattr(modele, "_empreinte", lambda: "autre")
    assert _bases() == [ancienne]
    assert modele.pret() != ancienne
    assert _bases() == [f"{PREFIXE}autre"]
    assert len(faits) == 2


def test_une_base_modele_laissee_en_chemin_n_est_pas_prise_pour_finie(faits: list[Any]) -> None:
    _ordonner(f'CREATE DATABASE "{PREFIXE}en_creation"')
    assert _bases() == [f"{PREFIXE}en_creation"]
    assert _bases() != [modele.pret()] != []
    assert faits == [("migrate",)]
