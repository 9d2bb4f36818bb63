"""Commands run in this process, on the tables of the test."""

from contextlib import nullcontext

import pytest

from segurnum.cli import agent, annuaire, grand_livre, journal, referentiel, securite


@pytest.fixture
def sur_la_base_du_test(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for commande in (agent, annuaire, grand_livre, journal, securite, referentiel):
        monkeypatch.setattr(commande, "django_pret", lambda donnees, **_: nullcontext())
