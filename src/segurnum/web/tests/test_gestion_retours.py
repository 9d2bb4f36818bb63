"""The officers' gestures that send something back, and who makes none of two on one dossier."""

from datetime import timedelta

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.courriels.models import Courriel
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

MOTIF = "Le montant retenu est à revoir."


def _codes(agent: Agent, demande: Demande) -> list[str]:
    return [propose.geste.code for propose in agent.lire("demande", demande.numero).context["gestes"]]


def _statut(demande: Demande) -> StatutDemande:
    demande.refresh_from_db()
    return demande.statut


@pytest.mark.exigence("GST-014")
def test_un_gestionnaire_reprend_une_validation_tant_qu_elle_n_est_pas_decidee():
    demande, agent = instruction.validee(), Agent(Profil.GESTIONNAIRE)
    assert _codes(agent, demande) == ["reprendre-validation", "annuler"]
    sans_motif = agent.faire(demande, "reprendre-validation", motif=" ")
    assert sans_motif.status_code == 422
    assert agent.faire(demande, "reprendre-validation", motif=MOTIF).status_code == 302
    assert _statut(demande) is StatutDemande.EN_COURS
    page = mots(agent.lire("demande", demande.numero))
    assert "Reprendre la validation : Validée devient En cours" in page or MOTIF in page


@pytest.mark.exigence("GST-015")
@pytest.mark.parametrize(
    ("geste", "statut"), [("renvoyer", StatutDemande.EN_COURS), ("refuser", StatutDemande.REJETEE)]
)
def test_un_decideur_renvoie_ou_refuse_en_disant_pourquoi(geste: str, statut: StatutDemande):
    demande, decideur = instruction.validee(), Agent(Profil.DECIDEUR)
    assert _codes(decideur, demande) == ["renvoyer", "refuser"]
    assert decideur.faire(demande, geste, motif="").status_code == 422
    assert decideur.faire(demande, geste, motif=MOTIF).status_code == 302
    assert _statut(demande) is statut
    assert MOTIF in mots(Agent(Profil.GESTIONNAIRE).lire("demande", demande.numero))
    assert Courriel.objects.filter(code="M13").exists() is (geste == "refuser")


@pytest.mark.exigence("GST-012", "GST-013")
def test_un_gestionnaire_retire_ou_avance_ce_qu_il_attend():
    agent = Agent(Profil.GESTIONNAIRE)
    demande = instruction.demande()
    services.demander_piece(demande=demande.pk, auteur=agent.auteur, motif="Le bon signé.")
    demande.refresh_from_db()
    assert _codes(agent, demande) == ["ne-plus-attendre", "avancer-echeance"]
    trop_tard = agent.faire(demande, "avancer-echeance", motif="Clôture.", jour="01/01/2999")
    assert trop_tard.status_code == 422
    assert "doit venir avant l'actuelle" in trop_tard.context["refus"].formulaire.errors["jour"][0]
    jour = jour_de_paris(maintenant()) + timedelta(days=2)
    assert agent.faire(demande, "avancer-echeance", motif="Clôture.", jour=f"{jour}").status_code == 302
    assert f"{jour:%d/%m/%Y}" in mots(agent.lire("demande", demande.numero))
    assert agent.faire(demande, "ne-plus-attendre", motif="Reçue autrement.").status_code == 302
    assert _statut(demande) is StatutDemande.EN_COURS
    assert set(Courriel.objects.values_list("code", flat=True)) == {"M11", "M77", "M78"}


@pytest.mark.exigence("MOD-023", "REQ-021")
@pytest.mark.parametrize(
    ("demander", "route", "phrase"),
    [
        (services.demander_modification, "modifier", "Le délai de modification s'est terminé le"),
        (services.demander_piece, "ajouter_pieces", "Le délai pour ajouter une pièce s'est terminé le"),
    ],
)
def test_passe_l_echeance_le_fournisseur_ne_lit_plus_qu_il_est_attendu(demander, route: str, phrase: str):
    demande = instruction.demande()
    demander(demande=demande.pk, auteur=Agent(Profil.GESTIONNAIRE).auteur, motif="Le bon signé.")
    fournisseur = Agent(
        Profil.FOURNISSEUR,
        usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise, role=Role.ADMINISTRATEUR),
    )
    adresse = reverse(f"fournisseur:{route}", args=[demande.numero])
    pages = [reverse("fournisseur:demande", args=[demande.numero]), reverse("fournisseur:accueil")]
    pages.append(reverse("fournisseur:demandes"))
    assert all(adresse in fournisseur.client.get(page).content.decode() for page in pages)
    Demande.objects.update(cloture_le=maintenant())  # the sweep has not passed yet
    assert not any(adresse in fournisseur.client.get(page).content.decode() for page in pages)
    assert phrase in mots(fournisseur.client.get(pages[0]))
    assert phrase in mots(fournisseur.client.get(adresse, follow=True))


@pytest.mark.exigence("GST-034")
def test_qui_a_accepte_le_compte_ne_valide_pas_et_lit_pourquoi():
    from segurnum.comptes.comptes_bancaires import retenir

    agent, demande = Agent(Profil.GESTIONNAIRE), instruction.demande()
    demande.entreprise.comptes_bancaires.update(statut="INACTIVE")
    retenir(
        entreprise=demande.entreprise,
        auteur=agent.auteur,
        iban="FR7699999000010000000000137",
        bic="ESSAFRPP",
        titulaire=demande.entreprise.denomination,
        domiciliation="BANQUE",
    )
    page = agent.lire("demande", demande.numero)
    assert page.context["valider"] is None
    assert "accepté le compte bancaire de l'entreprise le" in mots(page)
    assert "« Valider » doit être fait, sur ce dossier, par une autre personne que vous" in mots(page)
    assert agent.faire(demande, "valider").status_code == 409
