"""What an account has whose only enrolment is anticipated: it simulates, hands models over, enrols again (ENR-006)."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("ENR-006", "ENR-007")
@pytest.mark.parametrize(
    "statut", [StatutEnrolement.VALIDATION_PARTIELLE, StatutEnrolement.CERTIFICAT_A_VALIDER]
)
def test_un_compte_anticipe_simule_fait_verifier_ses_modeles_et_s_enrole_encore(statut: StatutEnrolement):
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    reference = usines.referencement("HOP-DPI-Va2")
    anticipe = usines.enrolement(
        societe=personne.entreprise,
        referencement=reference,
        statut=statut,
        type=Enrolement.Type.INITIAL,
        anticipe=True,
    )
    client = Client()
    client.force_login(personne)
    accueil = client.get(reverse("fournisseur:accueil"))
    for entree in ("importer", "modeles", "enrolement_complementaire"):
        assert f'href="{reverse(f"fournisseur:{entree}")}"' in accueil.content.decode()
    simulateur = client.get(reverse("fournisseur:importer"))
    assert reference.numero_ans in mots(simulateur)
    assert "Aucun enrôlement" not in mots(simulateur)
    modeles = client.get(reverse("fournisseur:modeles"))
    assert modeles.status_code == 200
    complementaire = client.get(reverse("fournisseur:enrolement_complementaire"))
    assert complementaire.status_code == 200
    assert "N° unique de référencement" in mots(complementaire)
    consulte = client.get(reverse("fournisseur:enrolement", args=[anticipe.numero]))
    assert "Complémentaire" not in mots(consulte)
    assert anticipe.statut.libelle in mots(consulte)
