"""Sealed secrets: what the database holds opens nothing, keys are replaced without losing any."""

import io

import pytest
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

from segurnum.comptes import coffre, second_facteur
from segurnum.comptes.models import Profil, SecondFacteur
from segurnum.comptes.tests.test_second_facteur import activer, code
from segurnum.essais import usines

pytestmark = pytest.mark.django_db


def test_la_cle_d_une_application_n_est_pas_lisible_en_base() -> None:
    cle, _ = activer(usines.utilisateur(Profil.GESTIONNAIRE))
    gardee = SecondFacteur.objects.get().cle
    assert cle not in gardee
    assert coffre.ouvrir(gardee) == cle
    assert coffre.sceller(cle) != gardee  # the same secret twice does not show that it is the same


def test_une_nouvelle_cle_scelle_et_l_ancienne_ouvre_encore(settings) -> None:
    settings.CLES_SECRETS = ["ancienne"]
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    cle, _ = activer(personne)
    settings.CLES_SECRETS = ["nouvelle", "ancienne"]
    assert second_facteur.verifier(personne=personne, code=code(cle))
    sortie = io.StringIO()
    call_command("resceller_secrets", stdout=sortie)
    assert "la plus récente : 1" in sortie.getvalue()
    settings.CLES_SECRETS = ["nouvelle"]
    assert coffre.ouvrir(SecondFacteur.objects.get().cle) == cle


def test_une_cle_perdue_est_dite_et_n_efface_rien(settings, caplog) -> None:
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    cle, codes = activer(personne)
    gardee = SecondFacteur.objects.get().cle
    settings.CLES_SECRETS = ["une-autre"]
    with pytest.raises(InvalidToken):
        coffre.ouvrir(gardee)
    with pytest.raises(CommandError, match="remettez l'ancienne"):
        call_command("resceller_secrets")
    assert SecondFacteur.objects.get().cle == gardee
    assert not second_facteur.verifier(personne=personne, code=code(cle))
    assert "SEGURNUM_CLES_SECRETS" in caplog.text
    assert second_facteur.verifier(personne=personne, code=codes[0])
