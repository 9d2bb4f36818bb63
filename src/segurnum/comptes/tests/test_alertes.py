"""What a person reads of what happens to their account, fact by fact."""

import pytest
from syrupy.assertion import SnapshotAssertion

from segurnum.comptes.alertes import FAITS, alerter
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.essais import usines

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fait", sorted(FAITS))
def test_chaque_fait_a_son_objet_et_sa_phrase(fait: str, snapshot: SnapshotAssertion) -> None:
    alerter(usines.utilisateur(Profil.FOURNISSEUR), fait, nom="Téléphone")
    courriel = Courriel.objects.get()
    phrase = courriel.corps.split("\n\n")[1]
    assert f"{courriel.objet}\n\n{phrase}" == snapshot


def test_un_compte_sans_adresse_ne_recoit_rien() -> None:
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    personne.email = ""
    alerter(personne, "CHANGER_MOT_DE_PASSE")
    assert not Courriel.objects.exists()
