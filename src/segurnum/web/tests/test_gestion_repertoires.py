"""« Répertoires »: what is loaded, and what was held for somebody to look at."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.repertoires.lecture import Repertoire
from segurnum.repertoires.models import Releve
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _retenu() -> Releve:
    return Releve.objects.create(
        repertoire=Repertoire.FINESS, instant=maintenant(), empreinte="a" * 64, nom="finess.json", nombre=12
    )


@pytest.mark.parametrize(
    ("geste", "statut"), [("confirmer_repertoire", "En vigueur"), ("ecarter_repertoire", "Écarté")]
)
def test_un_releve_retenu_se_confirme_ou_s_ecarte_a_l_ecran(geste: str, statut: str):
    client = Client()
    client.force_login(usines.utilisateur(Profil.ADMINISTRATION))
    releve = _retenu()
    page = client.get(reverse("gestion:repertoires"))
    assert f"{releve.designation} Retenu : à confirmer 12 0" in mots(page)
    reponse = client.post(reverse(f"gestion:{geste}", args=[releve.pk]), follow=True)
    assert f"{releve.designation} {statut}" in mots(reponse)
