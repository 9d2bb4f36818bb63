"""A page that loses its database in the middle says so, and the next one works."""

import pytest
from django.db import InterfaceError, OperationalError, connection

from segurnum.demandes.models import Demande
from segurnum.seuil.lecture_seule import lecture_seule


@pytest.mark.django_db(transaction=True)
def test_une_lecture_dont_la_connexion_est_perdue_puis_refaite_se_ferme_sans_erreur():
    with lecture_seule():
        assert not Demande.objects.exists()
        connection.close()  # lost in the middle…
        connection.connect()  # … and made again for what tells it
        assert connection.in_atomic_block is False
    assert not Demande.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_une_lecture_coupee_par_la_base_dit_une_panne_et_la_suivante_passe():
    with pytest.raises((OperationalError, InterfaceError)):
        _lire_et_etre_coupe()
    connection.close()
    with lecture_seule():
        assert not Demande.objects.exists()


def _lire_et_etre_coupe() -> None:
    with lecture_seule():
        assert not Demande.objects.exists()
        connection.connection.close()
        Demande.objects.exists()
