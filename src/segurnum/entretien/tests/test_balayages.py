"""A sweep goes on past what cannot follow."""

import logging

import pytest

from segurnum.comptes.models import Entreprise
from segurnum.entretien.balayages import un_par_un
from segurnum.essais import usines

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("faute", [RuntimeError("panne"), ValueError("plus tard")])
def test_une_ligne_en_panne_n_arrete_pas_les_autres_et_ne_change_rien(
    faute: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    cles = [usines.entreprise().pk for _ in range(3)]

    def renommer(cle: int) -> bool:
        Entreprise.objects.filter(pk=cle).update(denomination="Changée")
        if cle == cles[1]:
            raise faute
        return True

    with caplog.at_level(logging.WARNING):
        assert un_par_un(cles, renommer) == 2
    assert list(
        Entreprise.objects.filter(denomination="Changée").order_by("pk").values_list("pk", flat=True)
    ) == [
        cles[0],
        cles[2],
    ]
    assert str(cles[1]) in caplog.text
