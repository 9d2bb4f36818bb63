"""The retained amounts appear once an officer has looked at the request, not before (REQ-043)."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import retours, services
from segurnum.depots import comptages
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import gestionnaire
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.operateur import Ecran

pytestmark = pytest.mark.django_db

SOLDE = TypeDemande.SOLDE


@pytest.mark.exigence("REQ-043", "MSS-009")
def test_des_nombres_arretes_avant_toute_instruction_ne_montrent_aucun_montant_retenu():
    ecran = Ecran()
    ecran.avance_decidee()
    ecran.operateur.compter_au(maintenant() - timedelta(days=1))
    solde = ecran.operateur.deposer(SOLDE)
    ecran.operateur.compter(1000, 10, 10)
    assert comptages.arreter() == 1
    for page in (ecran.etape(SOLDE), ecran.lire("demande", solde.numero)):
        assert "Montant SEGUR total hors taxe calculé du solde" in mots(page)
        assert "Montant de l'engagement SEGUR retenu (lors du solde" not in mots(page)
        assert "Montant décidé du solde" not in mots(page)
    services.demander_piece(demande=solde.pk, auteur=gestionnaire(), motif="Joignez le guide.")
    assert "Montant décidé du solde" in mots(ecran.lire("demande", solde.numero))


@pytest.mark.parametrize("refuse", [False, True], ids=["rejetée à l'instruction", "refusée à la décision"])
def test_une_demande_rejetee_ne_montre_aucun_montant_decide(*, refuse: bool):
    ecran = Ecran()
    ecran.avance_decidee()
    ecran.operateur.compter(1000, 10, 10)
    solde = ecran.operateur.deposer(SOLDE)
    if refuse:
        services.valider(demande=solde.pk, auteur=gestionnaire())
        decideur = auteur(usines.utilisateur(Profil.DECIDEUR))
        retours.refuser(demande=solde.pk, auteur=decideur, motif="Hors périmètre.")
    else:
        services.demander_piece(demande=solde.pk, auteur=gestionnaire(), motif="Joignez le guide.")
        assert "Montant décidé du solde" in mots(ecran.lire("demande", solde.numero))
        retours.ne_plus_attendre(demande=solde.pk, auteur=gestionnaire(), motif="Reçu autrement.")
        services.rejeter(demande=solde.pk, auteur=gestionnaire(), motif="Hors périmètre.")
    page = mots(ecran.lire("demande", solde.numero))
    assert "Montant décidé du solde" not in page
