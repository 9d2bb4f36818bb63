"""An account without a profile cannot be: no page would know what to show to it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from segurnum.comptes.models import Utilisateur

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("profil", ["", "RACINE"])
def test_un_compte_a_toujours_un_profil_du_portail(profil: str) -> None:
    with pytest.raises(IntegrityError, match="utilisateur_profil_connu"), transaction.atomic():
        Utilisateur.objects.create_superuser("racine", "racine@administration.example", "x", profil=profil)


def test_createsuperuser_dit_quoi_faire_a_sa_place() -> None:
    with pytest.raises(CommandError, match="segurnum agent inviter"):
        call_command("createsuperuser")
