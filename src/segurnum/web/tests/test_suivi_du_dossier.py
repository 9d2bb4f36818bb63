"""« Suivi du dossier » and « Messages »: what happened, what is awaited, what is written with the officers."""

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.courriels.models import Courriel
from segurnum.demandes import retours, services
from segurnum.demandes.models import Demande
from segurnum.demandes.suivi import MONTRES, PERSONNE, attendu_de
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.suivi import attente
from segurnum.regles import faits
from segurnum.regles.cycles import EtatPaiement, GesteDemande, GestePaiement, StatutDemande, TypeDemande
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
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
    assert f"{demande.numero} : le service de gestion l'instruit" in suivi(fournisseur, demande.numero)
    services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Le bon signé.")
    lu = suivi(fournisseur, demande.numero)
    assert f"{demande.numero} : déposez la pièce demandée et validez votre ajout, jusqu'au" in lu
    assert "Demande déposée" in lu
    assert "Pièce complémentaire demandée" in lu
    assert "Le bon signé." in lu


@pytest.mark.exigence("REQ-028", "REQ-029", "REQ-030")
def test_le_suivi_mene_de_la_decision_au_depot_du_solde():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    versement = decider(demande)
    assert "le service comptable fait le virement" in suivi(fournisseur, demande.numero)
    payer(versement)
    assert "déposez la demande de solde, jusqu'au" in suivi(fournisseur, demande.numero)


def test_le_suivi_ne_dit_ni_le_nom_des_agents_ni_ce_qu_ils_s_ecrivent():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    agent = Agent(Profil.GESTIONNAIRE)
    services.valider(demande=demande.pk, auteur=agent.auteur)
    retours.reprendre_validation(demande=demande.pk, auteur=agent.auteur, motif="Relisons entre nous.")
    lu = suivi(fournisseur, demande.numero)
    assert "Validation reprise" in lu
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
    assert "le service de gestion Message" in lu
    courriel = Courriel.objects.get(code="M120")
    assert "Le virement part" not in courriel.corps
    assert reverse("fournisseur:messages", args=[demande.numero]) in courriel.corps


@pytest.mark.exigence("GST-030")
def test_un_gestionnaire_ecrit_le_premier_et_le_fournisseur_lit_repond_et_marque_comme_lu():
    fournisseur, agent = Fournisseur(), Agent(Profil.GESTIONNAIRE)
    (demande,) = en_cours(fournisseur.deposant)
    adresse = reverse("gestion:messages", args=[demande.numero])
    assert adresse in agent.lire("demande", demande.numero).content.decode()
    agent.client.post(adresse, {"texte": "Confirmez-vous la date de la commande ?"})
    courriel = Courriel.objects.get(code="M120")
    assert courriel.destinataire == demande.dossier.enrolement.courriel
    assert "Confirmez" not in courriel.corps
    accueil = fournisseur.lire("accueil")
    assert reverse("fournisseur:messages", args=[demande.numero]) in accueil.content.decode()
    assert "lire le message" in mots(accueil)
    assert f"Message non lu sur {demande.numero}" in mots(fournisseur.lire("demandes"))
    page = mots(fournisseur.lire("messages", demande.numero))
    assert "Confirmez-vous la date de la commande ?" in page
    assert agent.utilisateur.username not in page
    fournisseur.faire("messages_lus", demande.numero)
    assert "lire le message" not in mots(fournisseur.lire("accueil"))
    assert "Message non lu" not in mots(fournisseur.lire("demandes"))
    fournisseur.faire("ecrire", demande.numero, message="Oui, le 3 mars.")
    fil = mots(agent.client.get(adresse))
    assert fil.index("Confirmez-vous") < fil.index("Oui, le 3 mars.")
    reponse = Ticket.objects.latest("pk")
    assert f"Le message {reponse.numero} attend une réponse" in fil
    assistance.clore(ticket=reponse.pk, auteur=agent.auteur)
    assert "échange clos" in mots(fournisseur.lire("messages", demande.numero))


@pytest.mark.parametrize("profil", [Profil.DECIDEUR, Profil.COMPTABLE])
def test_qui_n_instruit_pas_n_ecrit_pas_au_fournisseur(profil: Profil):
    (demande,) = en_cours(Fournisseur().deposant)
    agent, adresse = Agent(profil), reverse("gestion:messages", args=[demande.numero])
    assert agent.client.get(adresse).status_code == 403
    assert adresse not in agent.lire("demande", demande.numero).content.decode()


def test_un_lecteur_lit_les_messages_et_n_en_ecrit_pas():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    fournisseur.deposant.utilisateur.role = Role.LECTEUR
    fournisseur.deposant.utilisateur.save()
    assert "Écrire au service de gestion" not in mots(fournisseur.lire("messages", demande.numero))
    assert fournisseur.faire("ecrire", demande.numero, message="Bonjour").status_code == 403


def test_un_message_qui_nomme_la_demande_en_minuscules_se_lit_sur_son_fil_avec_sa_reponse():
    """The contact page takes the number as it is typed: its answer goes by no mail, and is read there."""
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    fournisseur.faire("ecrire", demande.numero, message="Où en est-elle ?")
    Ticket.objects.update(numero_demande=demande.numero.lower())
    assistance.repondre(ticket=Ticket.objects.get().pk, auteur=gestionnaire(), texte="Elle s'instruit.")
    lu = mots(fournisseur.lire("messages", demande.numero))
    assert "Où en est-elle ?" in lu
    assert "Elle s'instruit." in lu


def test_les_messages_d_une_autre_entreprise_ne_se_lisent_pas():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    for route in ("suivi", "messages"):
        assert Fournisseur().lire(route, demande.numero).status_code == 404


@pytest.mark.parametrize("etat", EtatPaiement)
@pytest.mark.parametrize("statut", StatutDemande)
@pytest.mark.parametrize("type_demande", TypeDemande)
def test_chaque_statut_dit_qui_est_attendu_ou_que_rien_ne_l_est(
    type_demande: TypeDemande, statut: StatutDemande, etat: EtatPaiement
):
    demande = Demande(statut=statut, type=type_demande, etat_paiement=etat)
    attendu = attendu_de(demande)
    assert attendu.quoi
    assert (attendu.de_qui == PERSONNE) is attendu.quoi.startswith("rien n'est plus attendu")


@pytest.mark.parametrize("code", sorted(MONTRES))
def test_ce_qui_s_est_passe_est_dit_comme_fait(code: str):
    dit = faits.DEMANDES[code]
    assert dit not in {geste.libelle for geste in (*GesteDemande, *GestePaiement)}


@pytest.mark.parametrize("statut", StatutEnrolement)
def test_chaque_statut_d_un_enrolement_dit_qui_est_attendu_ou_qu_il_est_clos(statut: StatutEnrolement):
    attendu = attente(Enrolement(statut=statut))
    clos = statut in (StatutEnrolement.VALIDEE, StatutEnrolement.REJETEE)
    assert (attendu is None) is clos


@pytest.mark.parametrize("geste", GesteEnrolement)
def test_ce_qui_est_arrive_a_un_enrolement_est_dit_comme_fait(geste: GesteEnrolement):
    assert faits.ENROLEMENTS[geste] != geste.libelle
