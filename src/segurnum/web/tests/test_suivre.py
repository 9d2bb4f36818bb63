"""Following: what presses, what was refused by the bank, what was chosen last, the corrected file on its report."""

from datetime import timedelta

import pytest
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique
from segurnum.depots.models import Simulation
from segurnum.essais import usines
from segurnum.paiements import services as paiements
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, fichier
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("JSN-021")
def test_les_fenetres_se_lisent_a_l_accueil_la_plus_proche_d_abord():
    fournisseur = Fournisseur()
    instant = maintenant()
    for type_demande, jours in ((TypeDemande.AVANCE, 40), (TypeDemande.SOLDE, 3)):
        fin = instant + timedelta(days=jours)
        usines.fenetre("DSR-MS1-DUI-Va1", type_demande, fermeture=fin, affichee=fin)
    lu = mots(fournisseur.lire("accueil")).partition("Échéances de dépôt")[2]
    assert lu.index("(encore 3 jours)") < lu.index("(encore 40 jours)")
    assert "(encore 3 jours)" in mots(fournisseur.lire("importer")).partition("Toutes les fenêtres")[0]


def test_une_fenetre_fermee_depuis_longtemps_se_replie():
    fournisseur = Fournisseur()
    fin = maintenant() - timedelta(days=365)
    usines.fenetre(
        "DSR-MS1-DUI-Va1", TypeDemande.AVANCE, ouverture=fin - timedelta(days=9), fermeture=fin, affichee=fin
    )
    avant, _, apres = mots(fournisseur.lire("importer")).partition("Toutes les fenêtres de dépôt")
    assert ("fermée depuis" in avant, "fermée depuis" in apres) == (False, True)


@pytest.mark.exigence("REQ-060")
def test_un_paiement_rejete_mene_aux_coordonnees_bancaires():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    versement, comptable = decider(demande), auteur(usines.utilisateur(Profil.COMPTABLE))
    paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    paiements.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos.")
    adresse = reverse("fournisseur:comptes_bancaires")
    for page in (fournisseur.lire("accueil"), fournisseur.lire("demande", demande.numero)):
        assert f'href="{adresse}"' in page.content.decode()
    assert "La banque a rejeté le virement : Compte clos." in mots(
        fournisseur.lire("demande", demande.numero)
    )


@pytest.mark.exigence("JSN-004", "JSN-005", "JSN-006")
def test_les_derniers_choix_sont_proposes_de_nouveau():
    fournisseur = Fournisseur()
    usines.enrolement(societe=fournisseur.deposant.enrolement.entreprise)
    autre = fournisseur.deposant.enrolement
    fournisseur.simuler(fournisseur.avances(), type_demande="SOLDE", taux_tva="8.5")
    form = fournisseur.lire("importer").context["form"]
    lus = [form[nom].value() for nom in ("type_demande", "enrolement", "taux_tva")]
    assert lus == ["SOLDE", str(autre.pk), "8.5"]


def test_le_fichier_corrige_se_depose_sur_la_page_du_rapport():
    fournisseur = Fournisseur()
    faux = fournisseur.deposant.fichier(1)
    faux["lignesImport"][0]["commande"]["regimeTVA"] = "XX"
    page = fournisseur.suivre(fournisseur.simuler(fabrique.en_octets(faux)))
    assert "Simuler le fichier corrigé" in mots(page)
    reprise = page.context["reprise"]
    caches = {nom: reprise[nom].value() for nom in ("type_demande", "enrolement", "taux_tva")}
    premiere = Simulation.objects.get()
    reponse = fournisseur.faire("importer", **caches, fichier=fichier("corrige.json", fournisseur.avances()))
    seconde = Simulation.objects.exclude(pk=premiere.pk).get()
    assert reponse.status_code == 302
    assert (seconde.type, seconde.taux_tva, seconde.conforme) == (premiere.type, premiere.taux_tva, True)
    assert not Demande.objects.exists()
