"""When one may deposit, said where one would: on the form, at the simulation, and on a request that is over."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services
from segurnum.demonstration import fabrique
from segurnum.essais import usines
from segurnum.paiements import services as paiements
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur, en_cours, gestionnaire
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.operateur import Ecran

pytestmark = pytest.mark.django_db

AVANCE = TypeDemande.AVANCE


def test_la_fenetre_se_dit_sur_le_formulaire_et_sur_la_demande_rejetee():
    """Who was rejected knows whether another may be deposited, and until when."""
    ecran = Ecran()
    dsr = ecran.operateur.enrolement.referencement.dsr
    fin = FenetreDepot.objects.get(dsr=dsr, type=AVANCE).affichee
    assert f"Fenêtre de dépôt : ouverte jusqu'au {instant_long(fin)}" in mots(ecran.etape())
    demande = ecran.operateur.deposer()
    assert "Dépôt d'une nouvelle demande" not in mots(ecran.lire("demande", demande.numero))
    services.rejeter(demande=demande.pk, auteur=gestionnaire(), motif="Non")
    assert f"ouverte jusqu'au {instant_long(fin)}" in mots(ecran.lire("demande", demande.numero))
    fermeture = maintenant() - timedelta(days=2)
    usines.fenetre(dsr, AVANCE, fermeture=fermeture, affichee=fermeture)
    for page in (ecran.etape(), ecran.lire("demande", demande.numero)):
        assert f"fermée depuis le {instant_long(fermeture)} (heure de Paris)" in mots(page)


def test_un_solde_se_depose_avant_que_l_avance_soit_decidee_et_la_simulation_le_dit():
    """One rule: the avance is deposited with its pieces; what waits for the decision is the validation."""
    fournisseur = Fournisseur()
    (avance,) = en_cours(fournisseur.deposant)
    source = fournisseur.deposant.source
    simulation = fournisseur.deposant.simuler(fabrique.fichier_de_soldes(source, [avance]), TypeDemande.SOLDE)
    page = mots(fournisseur.lire("simulation", simulation.pk))
    assert (
        "L'avance de 1 dossier n'est pas encore décidée : son solde se dépose et sera validé une fois" in page
    )
    usines.enveloppe(avance.dsr)
    services.valider(demande=avance.pk, auteur=gestionnaire())
    paiements.decider(demande=avance.pk, auteur=auteur(usines.utilisateur(Profil.DECIDEUR)))
    assert "n'est pas encore décidée" not in mots(fournisseur.lire("simulation", simulation.pk))
