"""The officer before an operator's request: numbers, their source, amounts that are not to be reduced."""

import re

import pytest
from django.urls import reverse

from segurnum.demandes import services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import gestionnaire
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.operateur import Agent, Ecran

pytestmark = pytest.mark.django_db

SOLDE = TypeDemande.SOLDE


@pytest.mark.exigence("MSS-007", "MSS-009", "MSS-011")
def test_le_gestionnaire_lit_les_nombres_leur_source_et_le_calcul_sans_pouvoir_le_reduire():
    ecran = Ecran()
    ecran.operateur.compter(1000, 10, 10)
    ecran.avance_decidee()
    solde = ecran.operateur.deposer(SOLDE)
    agent = Agent(solde)
    page = agent.lire()
    texte = mots(page)
    assert "Nombre de BAL applicatives déclarées 1000" in texte
    assert "Comptage fourni par l'administration, Essais" in texte
    assert "arrêtés à la date de clôture" in texte
    assert "1000 × 58,33 € + 10 × 20,83 € + 10 × 5,00 €" in texte
    assert "58 588,30 €" in texte
    assert re.search(r"téléphone du contact support de l'opérateur 0\d( \d\d){4} ", texte)
    assert "Recalculer" not in texte
    assert lien(page, "Boîtes aux lettres de cet opérateur dans l'Annuaire Santé") == reverse(
        "gestion:annuaire_operateur", args=[ecran.operateur.numero_ans]
    )
    assert agent.faire("valider").status_code == 302
    assert Demande.objects.get(pk=solde.pk).statut == "VALIDEE"


@pytest.mark.exigence("MSS-009")
def test_le_gestionnaire_lit_pourquoi_un_solde_sans_nombres_ne_se_valide_pas():
    ecran = Ecran()
    ecran.avance_decidee()
    agent = Agent(ecran.operateur.deposer(SOLDE))
    assert "Les nombres de BAL de l'Annuaire Santé ne sont pas encore connus" in mots(agent.lire())
    refus = agent.faire("valider")
    assert refus.status_code == 409
    assert "les nombres de BAL ne sont pas encore arrêtés" in mots(refus)
    # A correction may be asked for all the same.
    assert agent.faire("demander-modification", motif="Lien mort").status_code == 302
    assert "Réponse du fournisseur possible jusqu'au :" in mots(agent.lire())


@pytest.mark.exigence("MOD-002", "MOD-023")
def test_le_gestionnaire_et_l_operateur_au_meme_moment_n_ont_qu_un_effet():
    ecran = Ecran()
    avance = ecran.operateur.deposer()
    agent = Agent(avance)
    vue = agent.lire().context["marque"]
    services.demander_modification(demande=avance.pk, auteur=gestionnaire(), motif="Contact inexact")
    refus = agent.client.post(f"{agent.adresse}/valider", {"vue": vue})
    assert refus.status_code == 409
    assert "a changé depuis que vous l'avez ouverte" in mots(refus)
    assert Demande.objects.get().statut == "A_MODIFIER"


@pytest.mark.parametrize(
    ("octets", "jeu"),
    [("Déploiement réussi".encode(), "utf-8"), ("Déploiement".encode("cp1252"), "windows-1252")],
)
def test_un_texte_se_lit_avec_ses_accents(octets: bytes, jeu: str):
    demande = Ecran().operateur.deposer()
    piece = PieceJustificative.objects.create(
        demande=demande,
        nom="preuve.txt",
        type="AUTRE_A",
        fichier=usines.fichier(octets),
        depose_le=maintenant(),
    )
    agent = Agent(demande)
    reponse = agent.client.get(reverse("gestion:piece", args=[demande.numero, piece.pk]))
    assert reponse["Content-Type"] == f"text/plain; charset={jeu}"
    reponse.close()
