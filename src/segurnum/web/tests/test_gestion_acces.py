"""Who opens what in the back office, and what a browser may do with a piece."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.demandes.models import PieceJustificative
from segurnum.essais import usines
from segurnum.fichiers.models import Analyse
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.web.gestion import demandes_gestes, paiements
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent, Reponse, octets
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

AGENTS = (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE, Profil.AUDITEUR, Profil.ADMINISTRATION)
ENTREPRISES = (Profil.FOURNISSEUR, Profil.OPERATEUR)


def _pages() -> list[str]:
    demande = instruction.demande()
    return [
        reverse("gestion:accueil"),
        reverse("gestion:demandes"),
        reverse("gestion:demande", args=[demande.numero]),
        reverse("gestion:journal", args=[demande.numero]),
        reverse("gestion:piece", args=[demande.numero, demande.pieces.get().pk]),
        reverse("gestion:paiements"),
    ]


@pytest.mark.exigence("GST-001", "XCT-002")
@pytest.mark.parametrize("profil", Profil)
def test_chaque_page_s_ouvre_aux_agents_et_a_eux_seuls(profil):
    client = Agent(profil).client
    attendu = 200 if profil in AGENTS else 403
    pages = _pages()
    for page in pages:
        reponse: Reponse = client.get(page)
        assert octets(reponse)
        assert reponse.status_code == attendu, page


@pytest.mark.exigence("XCT-002")
def test_sans_compte_on_est_mene_a_la_connexion():
    for page in _pages():
        reponse: Reponse = Client().get(page)
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("fournisseur:connexion"))


@pytest.mark.exigence("GST-001", "GST-034", "XCT-002")
@pytest.mark.parametrize("profil", [*ENTREPRISES, Profil.COMPTABLE, Profil.AUDITEUR, Profil.ADMINISTRATION])
def test_les_gestes_sont_fermes_a_qui_n_instruit_ni_ne_decide(profil):
    demande = instruction.demande()
    agent = Agent(profil)
    for geste in (*demandes_gestes.GESTES, "calculer"):
        assert agent.faire(demande, geste, motif="x", confirmation="on").status_code == 403
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.EN_COURS


@pytest.mark.exigence("GST-022", "XCT-002")
@pytest.mark.parametrize("profil", [profil for profil in Profil if profil is not Profil.COMPTABLE])
def test_seul_le_comptable_touche_aux_paiements(profil):
    versement = instruction.decidee()
    agent = Agent(profil)
    for geste in paiements.GESTES:
        assert agent.payer(versement, geste, motif="x", montant="360", jour="2026-01-01").status_code == 403
    versement.refresh_from_db()
    assert versement.mis_en_paiement_le is None


def test_un_geste_ne_se_fait_pas_par_une_lecture():
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    reponse = agent.lire("geste", demande.numero, "valider")
    assert (reponse.status_code, reponse["Allow"]) == (405, "POST")
    assert "Rien n'a été fait" in mots(reponse)


@pytest.mark.exigence("GST-011")
def test_la_consultation_montre_les_blocs_du_fournisseur_et_ce_que_seuls_les_agents_voient():
    demande = instruction.validee()
    page = Agent(Profil.ADMINISTRATION).lire("demande", demande.numero)
    assert page.context["consultation"].blocs[0].code == "informations"
    texte = page.content.decode()
    assert demande.valideur is not None
    assert f"{demande.valideur.username}, le" in texte
    assert "Derniers événements" in texte
    assert "Aucun geste n'est possible avec votre profil" in texte
    assert 'name="vue"' not in texte, "aucun formulaire de geste"


@pytest.mark.exigence("XCT-007")
def test_la_consultation_coute_autant_de_requetes_avec_dix_pieces_qu_avec_une():
    demande = instruction.demande()
    agent, couts = Agent(Profil.GESTIONNAIRE), []
    for tour in range(2):
        with CaptureQueriesContext(connection) as lues:
            agent.lire("demande", demande.numero)
        couts.append(len(lues))
        for rang in range(9):
            nom = f"{tour}-{rang}.pdf"
            demande.pieces.create(nom=nom, type="AUTRE", fichier=usines.fichier(), depose_le=maintenant())
    assert couts[0] == couts[1]


@pytest.mark.exigence("XCT-005")
def test_une_piece_infectee_absente_ou_d_une_autre_demande_ne_se_lit_pas():
    demande, autre = instruction.demande(), instruction.demande(complete=False)
    agent = Agent(Profil.GESTIONNAIRE)
    assert agent.lire("piece", autre.numero, demande.pieces.get().pk).status_code == 404
    assert agent.lire("piece", autre.numero, autre.pieces.get().pk).status_code == 404
    infectee = PieceJustificative.objects.select_related("fichier").get(demande=demande)
    assert infectee.fichier is not None
    infectee.fichier.analyse = Analyse.INFECTE
    infectee.fichier.save()
    assert agent.lire("piece", demande.numero, infectee.pk).status_code == 404
    assert "une menace" in agent.lire("demande", demande.numero).content.decode()
