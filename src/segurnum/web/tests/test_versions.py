"""« Historique »: the versions of a request, and the avenant that a cancellation leaves."""

import copy

import pytest

from segurnum.demandes import services
from segurnum.demandes.creation import Declaration
from segurnum.demandes.queries import donnees_courantes
from segurnum.paiements import services as paiements
from segurnum.web.tests.depot import Fournisseur, en_cours, gestionnaire
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("REQ-035")
def test_l_historique_montre_chaque_version_et_ce_qu_elle_a_change():
    fournisseur = Fournisseur(code="HOP-DPI")
    (demande,) = en_cours(fournisseur.deposant)
    services.demander_modification(demande=demande.pk, auteur=gestionnaire(), motif="Corrigez le nom.")
    ancien = donnees_courantes(demande)
    nouveau = copy.deepcopy(ancien)
    nouveau["beneficiaires"]["etablissements"][0]["nom"] = "MARVAUZY"
    nouveau["scenarioInstallation"]["isPFIDMPIndependante"] = True
    services.confirmer_modification(
        demande=demande.pk,
        auteur=fournisseur.deposant.auteur,
        declaration=Declaration(
            donnees=nouveau, montant_declare=demande.montant_declare, taux_tva=demande.taux_tva
        ),
    )
    page = fournisseur.lire("historique", demande.numero)
    seconde, premiere = page.context["versions"]
    assert (seconde.version.rang, seconde.courante, premiere.courante) == (2, True, False)
    assert [(d.champ, d.avant, d.apres) for d in seconde.differences] == [
        (
            "Bénéficiaire(s) › Établissements n° 1 › Nom",
            ancien["beneficiaires"]["etablissements"][0]["nom"],
            "MARVAUZY",
        ),
        (
            "Scénario d'installation › La fonction PFI pour l'envoi des documents de santé vers le DMP est-elle "
            "portée par un logiciel indépendant du DPI ?",
            "Non",
            "Oui",
        ),
    ]
    assert premiere.differences == ()
    assert "Corrigez le nom." in mots(page)
    relue = fournisseur.client.get(lien(page, "Lire la version 1"))
    assert "Vous lisez la version 1" in mots(relue)
    assert "MARVAUZY" not in mots(relue)
    assert "MARVAUZY" in mots(fournisseur.lire("demande", demande.numero))
    assert fournisseur.lire("demande", demande.numero, version=9).status_code == 404


@pytest.mark.exigence("REQ-026", "REQ-027")
def test_l_avenant_historise_se_consulte_a_cote_de_l_annule():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    paiements.annuler(demande=demande.pk, auteur=gestionnaire(), motif="À la demande du fournisseur.")
    assert "Statut : Annulée" in titres(fournisseur.lire("demande", demande.numero), 1)[0]
    ancien = fournisseur.lire("demande", demande.numero, avenant=demande.pk)
    assert "Statut : Historisée" in titres(ancien, 1)[0]
    assert f"?avenant={demande.pk}" in lien(ancien, "Historique")
