"""The page of the mails: a demonstration's, and nobody else's."""

import pytest
from django.test import Client, RequestFactory

from segurnum.courriels.models import Courriel
from segurnum.demonstration.vues import courriels

pytestmark = pytest.mark.django_db


def test_les_courriels_de_la_demonstration_se_lisent_avec_leurs_liens(rf: RequestFactory) -> None:
    Courriel.objects.create(
        code="M06",
        objet="Votre mot de passe",
        corps="http://localhost/lien?jeton=x",
        destinataire="a@b.example",
    )
    page = courriels(rf.get("/demonstration/courriels")).content.decode()
    assert "Votre mot de passe" in page
    assert 'href="http://localhost/lien?jeton=x"' in page


def test_un_vrai_portail_n_a_pas_cette_page(client: Client) -> None:
    assert client.get("/demonstration/courriels").status_code in (302, 404)
