"""Every list of the portal on a base where nothing was done yet: it says that there is nothing, and why."""

import html

import pytest
from acces import ACCES
from django.test import Client
from django.urls import reverse
from listes import montree, ouvrir, sans_objet

from segurnum.comptes.models import Profil
from segurnum.essais import usines

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("profil", list(Profil))
def test_une_liste_ou_il_n_y_a_rien_le_dit(profil: Profil) -> None:
    client, vides = Client(), 0
    client.force_login(usines.utilisateur(profil))
    for nom in sans_objet():
        if profil not in (ACCES[nom] or ()):
            continue
        reponse = ouvrir(client, reverse(nom))
        affiche = montree(reponse)
        if affiche is None:
            continue
        assert list(affiche.lignes) == [], nom
        dite = html.unescape(reponse.content.decode())
        assert affiche.vide in dite, nom
        assert "0 résultat" in dite, nom
        vides += 1
    assert vides
