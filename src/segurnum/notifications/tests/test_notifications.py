"""The notification centre: what a company is told of, what each person chooses, the mail of the day."""

from datetime import timedelta

import pytest

from segurnum.comptes.models import Profil
from segurnum.courriels import services as courriels
from segurnum.courriels.models import Courriel
from segurnum.courriels.services import Envoi
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.notifications import services as notifications
from segurnum.notifications.models import Notification
from segurnum.notifications.services import GARDE
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import GesteDemande, GestePaiement
from segurnum.regles.notifications import Famille, Mode, dit_de
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, gestionnaire, payer
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def demandee(fournisseur: Fournisseur) -> Demande:
    (demande,) = en_cours(fournisseur.deposant)
    return services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Le bon signé.")


def regler(fournisseur: Fournisseur, **modes: str) -> None:
    choix = {famille.value: modes.get(famille.value, "PORTAIL") for famille in Famille}
    assert fournisseur.faire("regler_notifications", **choix).status_code == 302


def test_ce_que_l_administration_fait_se_lit_a_l_accueil_puis_se_marque_comme_lu():
    fournisseur = Fournisseur()
    demande = demandee(fournisseur)
    assert "1 nouvelle notification" in mots(fournisseur.lire("accueil"))
    page = fournisseur.lire("notifications")
    assert f"{demande.numero} : Une pièce vous est demandée, avant le" in mots(page)
    fournisseur.faire("marquer_notifications", jusqu_a=page.context["derniere"])
    assert "nouvelle notification" not in mots(fournisseur.lire("accueil"))
    assert demande.numero in mots(fournisseur.lire("notifications"))


def test_ce_qui_arrive_apres_la_page_reste_nouveau():
    fournisseur = Fournisseur()
    demande = demandee(fournisseur)
    page = fournisseur.lire("notifications")
    Notification.objects.create(
        entreprise=demande.entreprise, famille=Famille.DECISION, numero=demande.numero, texte="Décider"
    )
    fournisseur.faire("marquer_notifications", jusqu_a=page.context["derniere"])
    assert "1 nouvelle notification" in mots(fournisseur.lire("accueil"))


def test_la_decision_le_paiement_et_la_reponse_d_un_agent_sont_dits():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    payer(decider(demande))
    fournisseur.faire("ecrire", demande.numero, message="Merci.")
    assistance.repondre(ticket=Ticket.objects.get().pk, auteur=gestionnaire(), texte="De rien.")
    dites = set(Notification.objects.values_list("famille", flat=True))
    assert dites == {Famille.INSTRUCTION, Famille.DECISION, Famille.PAIEMENT, Famille.MESSAGE}


def test_chacun_lit_ce_qui_est_a_son_entreprise_et_qu_il_n_a_pas_fait_taire():
    fournisseur, autre = Fournisseur(), Fournisseur()
    demande = demandee(fournisseur)
    assert demande.numero not in mots(autre.lire("notifications"))
    regler(fournisseur, REPONSE="AUCUN")
    assert demande.numero not in mots(fournisseur.lire("notifications"))


def test_le_recapitulatif_dit_une_fois_ce_qui_est_nouveau_a_qui_le_demande():
    fournisseur = Fournisseur()
    demandee(fournisseur)
    regler(fournisseur, REPONSE="QUOTIDIEN")
    usines.utilisateur(Profil.FOURNISSEUR, entreprise=fournisseur.deposant.enrolement.entreprise)
    assert notifications.recapituler() == 0  # what came before the choice is on the portal
    demande = demandee(fournisseur)
    assert [notifications.recapituler(), notifications.recapituler()] == [1, 0]
    courriel = Courriel.objects.get(code="M100")
    assert courriel.destinataire == fournisseur.deposant.utilisateur.email
    assert f"{demande.numero} : Une pièce vous est demandée, avant le" in courriel.corps


def test_le_premier_recapitulatif_d_une_autre_entreprise_ne_raconte_pas_son_annee():
    fournisseur, autre = Fournisseur(), Fournisseur()
    regler(fournisseur, REPONSE="QUOTIDIEN")
    demandee(autre)
    personne = fournisseur.deposant.utilisateur
    personne.entreprise = autre.deposant.utilisateur.entreprise
    personne.save()
    assert notifications.recapituler() == 0
    demandee(autre)
    assert notifications.recapituler() == 1


def test_un_recapitulatif_qui_echoue_n_arrete_pas_ceux_des_autres(monkeypatch: pytest.MonkeyPatch):
    premier, second = Fournisseur(), Fournisseur()
    for fournisseur in (premier, second):
        regler(fournisseur, REPONSE="QUOTIDIEN")
        demandee(fournisseur)
    envoyer = courriels.envoyer

    def refuser_le_premier(envois: list[Envoi]) -> object:
        if envois[0].destinataire == premier.deposant.utilisateur.email:
            raise ValueError("adresse refusée")
        return envoyer(envois)

    monkeypatch.setattr(courriels, "envoyer", refuser_le_premier)
    assert notifications.recapituler() == 1
    assert Courriel.objects.get(code="M100").destinataire == second.deposant.utilisateur.email


def test_ce_que_le_fournisseur_fait_lui_meme_ne_lui_est_pas_dit():
    assert dit_de(GesteDemande.CONFIRMER_MODIFICATION) is None


def test_un_geste_de_meme_nom_se_dit_selon_ce_qu_il_touche():
    dits = [dit_de(GesteDemande.REJETER), dit_de(GestePaiement.REJETER)]
    assert [dit and dit[0] for dit in dits] == [Famille.DECISION, Famille.PAIEMENT]


def test_ce_qui_a_plus_d_un_an_s_oublie():
    fournisseur = Fournisseur()
    demandee(fournisseur)
    assert notifications.oublier(instant=maintenant() + GARDE - timedelta(hours=1)) == 0
    assert notifications.oublier(instant=maintenant() + GARDE + timedelta(hours=1)) == 1


def test_un_mode_inconnu_est_refuse():
    fournisseur = Fournisseur()
    choix = {famille.value: Mode.PORTAIL.value for famille in Famille} | {"PAIEMENT": "PIGEON"}
    assert fournisseur.faire("regler_notifications", **choix).status_code == 422
