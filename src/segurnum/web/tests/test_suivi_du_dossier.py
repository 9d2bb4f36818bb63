"""« Suivi du dossier » and « Messages »: what happened, what is awaited, what is written with the officers."""

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.demandes import retours, services
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, gestionnaire, payer
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def suivi(fournisseur: Fournisseur, numero: str) -> str:
    return mots(fournisseur.lire("suivi", numero))


@pytest.mark.exigence("REQ-020", "REQ-021")
def test_le_suivi_dit_ce_qui_est_attendu_de_qui_et_jusqu_a_quand():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    assert f"{demande.numero} : son instruction, de la part du service de gestion." in suivi(
        fournisseur, demande.numero
    )
    services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Le bon signé.")
    lu = suivi(fournisseur, demande.numero)
    assert f"{demande.numero} : la pièce demandée, de votre part, jusqu'au" in lu
    assert "Demander une pièce" in lu
    assert "Le bon signé." in lu


@pytest.mark.exigence("REQ-028", "REQ-029", "REQ-030")
def test_le_suivi_mene_de_la_decision_au_depot_du_solde():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    versement = decider(demande)
    assert "le virement, de la part du service comptable" in suivi(fournisseur, demande.numero)
    payer(versement)
    assert "le dépôt du solde, de votre part, jusqu'au" in suivi(fournisseur, demande.numero)


def test_le_suivi_ne_dit_ni_le_nom_des_agents_ni_ce_qu_ils_s_ecrivent():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    agent = Agent(Profil.GESTIONNAIRE)
    services.valider(demande=demande.pk, auteur=agent.auteur)
    retours.reprendre_validation(demande=demande.pk, auteur=agent.auteur, motif="Relisons entre nous.")
    lu = suivi(fournisseur, demande.numero)
    assert "Reprendre la validation" in lu
    assert "Relisons entre nous." not in lu
    assert str(agent.auteur.nom) not in lu
    assert "un gestionnaire" in lu


@pytest.mark.exigence("MOD-002")
def test_un_message_et_sa_reponse_se_lisent_dans_l_ordre_quel_que_soit_le_statut():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    decider(demande)
    reponse = fournisseur.faire("ecrire", demande.numero, message="Quand serons-nous payés ?")
    assert reponse["Location"] == reverse("fournisseur:messages", args=[demande.numero])
    ticket = Ticket.objects.get()
    assert ticket.numero_demande == demande.numero
    assert ticket.numero in mots(Agent(Profil.GESTIONNAIRE).lire("demande", demande.numero))
    assistance.repondre(ticket=ticket.pk, auteur=gestionnaire(), texte="Le virement part cette semaine.")
    lu = mots(fournisseur.lire("messages", demande.numero))
    assert lu.index("Quand serons-nous payés ?") < lu.index("Le virement part cette semaine.")
    assert "réponse du service de gestion" in lu


def test_un_lecteur_lit_les_messages_et_n_en_ecrit_pas():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    fournisseur.deposant.utilisateur.role = Role.LECTEUR
    fournisseur.deposant.utilisateur.save()
    assert "Écrire au service de gestion" not in mots(fournisseur.lire("messages", demande.numero))
    assert fournisseur.faire("ecrire", demande.numero, message="Bonjour").status_code == 403


def test_les_messages_d_une_autre_entreprise_ne_se_lisent_pas():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    for route in ("suivi", "messages"):
        assert Fournisseur().lire(route, demande.numero).status_code == 404
