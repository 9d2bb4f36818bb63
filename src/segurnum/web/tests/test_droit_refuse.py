"""A right that a service refuses is a refused access, even where a screen forgot to ask."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.essais import usines
from segurnum.regles.cycles import StatutDemande
from segurnum.seuil import acces
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def test_un_ecran_qui_oublie_de_demander_n_ouvre_rien_a_un_lecteur(monkeypatch: pytest.MonkeyPatch) -> None:
    demande = usines.demande(StatutDemande.EN_ATTENTE_PIECE)
    lecteur = usines.utilisateur(Profil.FOURNISSEUR, role=Role.LECTEUR, entreprise=demande.entreprise)
    monkeypatch.setattr(acces, "peut", lambda *_: True)
    client = Client()
    client.force_login(lecteur)
    adresse = reverse("fournisseur:valider_ajout", args=[demande.numero])
    reponse = client.post(adresse, {"entreprise": demande.entreprise_id})
    assert reponse.status_code == 403
    assert "« Valider l'ajout de pièces » est réservé aux administrateurs et déposants" in mots(reponse)
    demande.refresh_from_db()
    assert demande.statut is StatutDemande.EN_ATTENTE_PIECE
