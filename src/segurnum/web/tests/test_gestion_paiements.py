"""The accountant's lists: put into payment, record what the bank did, issue again."""

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.paiements import services
from segurnum.paiements.models import Versement
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import EtatPaiement
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent, octets
from segurnum.web.tests.lecture import mots

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-022")]


def _a_constater(comptable: Agent) -> Versement:
    versement = instruction.decidee()
    return services.mettre_en_paiement(versement=versement.pk, auteur=comptable.auteur)


def _listes(agent: Agent, phase: str) -> list[int]:
    return [ligne.versement.pk for ligne in agent.lire("paiements", etape=phase).context["affiche"].lignes]


@pytest.mark.exigence("REQ-029", "REQ-030", "REQ-066")
def test_un_paiement_passe_de_la_decision_a_son_avis():
    comptable = Agent(Profil.COMPTABLE)
    versement = instruction.decidee()
    assert _listes(comptable, "a-mettre") == [versement.pk]
    reponse = comptable.payer(versement, "mettre-en-paiement")
    assert reponse.url.endswith("?etape=a-mettre")
    assert _listes(comptable, "a-mettre") == []
    (ligne,) = comptable.lire("paiements", etape="a-constater").context["affiche"].lignes
    prerempli = {champ.name: champ.value() for champ in ligne.gestes[0].formulaire}
    assert (prerempli["montant"], prerempli["jour"]) == ("360,00", jour_de_paris(maintenant()))
    jour = f"{prerempli['jour']:%Y-%m-%d}"
    assert comptable.payer(versement, "constater", montant=prerempli["montant"], jour=jour).status_code == 302
    versement.refresh_from_db()
    assert (versement.etat, versement.montant_paye) == (EtatPaiement.EFFECTUE, versement.montant_decide)
    assert _listes(comptable, "effectues") == [versement.pk]
    avis = comptable.lire("avis", versement.pk)
    assert octets(avis).startswith(b"%PDF-")
    assert "attachment" in avis["Content-Disposition"]


@pytest.mark.exigence("REQ-065", "XCT-008")
def test_un_montant_autre_que_celui_decide_est_refuse_et_la_saisie_reste():
    comptable = Agent(Profil.COMPTABLE)
    versement = _a_constater(comptable)
    jour = f"{jour_de_paris(maintenant()):%Y-%m-%d}"
    reponse = comptable.payer(versement, "constater", phase="a-constater", montant="359,99", jour=jour)
    assert reponse.status_code == 422
    (faute,) = reponse.context["refus"].formulaire.errors["montant"]
    assert "doit être le montant décidé" in faute
    page = reponse.content.decode()
    assert 'value="359,99"' in page
    versement.refresh_from_db()
    assert versement.etat == EtatPaiement.EN_COURS


@pytest.mark.exigence("XCT-008")
def test_une_date_illisible_ou_a_venir_est_refusee_avec_ce_qui_est_attendu():
    comptable = Agent(Profil.COMPTABLE)
    versement = _a_constater(comptable)
    illisible = comptable.payer(versement, "constater", phase="a-constater", montant="360", jour="31/02/2026")
    assert illisible.status_code == 422
    assert "écrivez-la jj/mm/aaaa" in illisible.content.decode()
    a_venir = comptable.payer(versement, "constater", phase="a-constater", montant="360", jour="01/01/2999")
    assert a_venir.status_code == 422
    (faute,) = a_venir.context["refus"].formulaire.errors["jour"]
    assert "La date du virement doit être comprise entre" in faute
    assert date_fr(maintenant()) in faute


def test_un_virement_rejete_demande_son_motif_puis_se_reemet_une_seule_fois():
    comptable = Agent(Profil.COMPTABLE)
    versement = _a_constater(comptable)
    sans_motif = comptable.payer(versement, "rejeter", phase="a-constater", motif=" ")
    assert sans_motif.status_code == 422
    assert "Le motif du rejet est obligatoire" in sans_motif.content.decode()
    assert comptable.payer(versement, "rejeter", motif="Compte clos").status_code == 302
    assert _listes(comptable, "rejetes") == [versement.pk]
    assert "Compte clos" in comptable.lire("paiements", etape="rejetes").content.decode()
    assert comptable.payer(versement, "reemettre", phase="rejetes").status_code == 302
    assert _listes(comptable, "rejetes") == []
    assert len(_listes(comptable, "a-mettre")) == 1
    encore = comptable.payer(versement, "reemettre", phase="rejetes")
    assert encore.status_code == 409
    assert "déjà été réémis" in encore.content.decode()


@pytest.mark.exigence("XCT-014")
def test_mettre_en_paiement_deux_fois_est_dit():
    comptable = Agent(Profil.COMPTABLE)
    versement = _a_constater(comptable)
    reponse = comptable.payer(versement, "mettre-en-paiement")
    assert reponse.status_code == 409
    assert "déjà mis en paiement" in reponse.content.decode()


def _ensemble(comptable: Agent, **saisie: object) -> str:
    return mots(comptable.client.post(reverse("gestion:versements"), saisie, follow=True))


@pytest.mark.exigence("XCT-014")
def test_plusieurs_paiements_se_mettent_en_paiement_ensemble_et_celui_qui_ne_peut_pas_est_dit():
    comptable = Agent(Profil.COMPTABLE)
    deja, premier, second, reste = (instruction.decidee() for _ in range(4))
    assert "Choisir le paiement de" in mots(comptable.lire("paiements", etape="a-mettre"))
    services.mettre_en_paiement(versement=deja.pk, auteur=comptable.auteur)
    dit = _ensemble(comptable, paiement=[deja.pk, second.pk, premier.pk])
    assert "2 paiements sont mis en paiement." in dit
    assert f"{deja.decision.demande.numero} : Ce versement est déjà mis en paiement." in dit
    assert _listes(comptable, "a-mettre") == [reste.pk]
    assert "Cochez au moins un paiement." in _ensemble(comptable)
    assert "elle a maintenant 1 ligne. Rien n'a été fait" in _ensemble(comptable, toutes="2")
    assert "1 paiement est mis en paiement." in _ensemble(comptable, toutes="1")


def test_seul_le_comptable_coche_et_seulement_ce_qui_attend_sa_mise_en_paiement():
    comptable = Agent(Profil.COMPTABLE)
    _a_constater(comptable)
    instruction.decidee()
    assert "Tout sélectionner" not in mots(comptable.lire("paiements", etape="a-constater"))
    assert "Tout sélectionner" not in mots(Agent(Profil.DECIDEUR).lire("paiements", etape="a-mettre"))


def test_les_autres_agents_lisent_la_liste_sans_aucun_bouton():
    instruction.decidee()
    for profil in (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.ADMINISTRATION):
        page = Agent(profil).lire("paiements").content.decode()
        assert "Geste du comptable" in page
        assert "mettre-en-paiement" not in page
