"""A message stays with the company for which it was written, whichever one its author acts for later."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.web.tests import instruction
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_deux_entreprises import Partage

pytestmark = pytest.mark.django_db


def _ecrire(qui: Utilisateur, numero: str = "FINMS1010001M0", **champs: str) -> Ticket:
    minimum = {"nom": "X", "courriel": "x@societe.example", "numero_demande": numero, "description": "Faux"}
    return assistance.recevoir(champs=minimum | champs, auteur=auteur(qui), entreprise=qui.entreprise)


@pytest.mark.exigence("MOD-002", "XCT-005")
def test_un_message_reste_a_l_entreprise_pour_laquelle_il_a_ete_ecrit():
    partage = Partage()
    demande = instruction.demande(inscrit=usines.enrolement(societe=partage.societe))
    assert partage.faire("signaler", demande.numero, message="Le contact est faux.").status_code == 302
    numero = Ticket.objects.get().numero
    collegue, adresse = Client(), reverse("fournisseur:demande", args=[demande.numero])
    collegue.force_login(usines.utilisateur(Profil.FOURNISSEUR, entreprise=partage.societe))
    assert numero in mots(collegue.get(adresse))
    partage.changer()
    assert numero in mots(collegue.get(adresse))
