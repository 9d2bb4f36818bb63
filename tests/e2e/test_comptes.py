"""Accounts in a browser: a forgotten password, the second factor, an invitation."""

import pyotp
import pytest

from e2e.visiteurs import ZOOM_400, Portail, Surveillance, Visiteur
from segurnum.comptes.models import Profil, Role, SecondFacteur, Utilisateur
from segurnum.essais.courriels import lien_recu, repondre_aux_oublis
from segurnum.essais.depots import Deposant
from segurnum.regles.calendrier import maintenant

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

NOUVEAU = "le-chat-mange-la-pomme"


def _choisir_le_mot_de_passe(visiteur: Visiteur, personne: Utilisateur) -> None:
    visiteur.page.goto(lien_recu(personne))
    visiteur.page.get_by_label("Nouveau mot de passe *", exact=False).first.fill(NOUVEAU)
    visiteur.page.get_by_label("Nouveau mot de passe, une seconde fois").fill(NOUVEAU)
    visiteur.bouton("Enregistrer").click()
    visiteur.lire("Votre mot de passe est enregistré")


def _saisir(visiteur: Visiteur, identifiant: str, mot_de_passe: str) -> None:
    visiteur.page.get_by_label("Votre identifiant").fill(identifiant)
    visiteur.page.get_by_label("Votre mot de passe").fill(mot_de_passe)
    visiteur.bouton("Valider").click()


@pytest.mark.exigence("PUB-037", "PUB-038", "PUB-040", "XCT-010", "RUL-026")
def test_un_mot_de_passe_oublie_se_renouvelle(portail: Portail, deposant: Deposant) -> None:
    vue, visiteur = Surveillance(), portail.visiteur(ZOOM_400)
    visiteur.page.goto("/segurnums/")
    visiteur.lien("J'ai oublié mon mot de passe").click()
    vue.regarder(visiteur.page)
    visiteur.page.get_by_label("Votre identifiant ou votre adresse électronique").fill(
        deposant.utilisateur.username
    )
    visiteur.bouton("Recevoir un lien").click()
    visiteur.lire("Si un compte correspond à ce que vous avez saisi")
    assert repondre_aux_oublis() == 1
    visiteur.page.goto(lien_recu(deposant.utilisateur))
    vue.regarder(visiteur.page)
    _choisir_le_mot_de_passe(visiteur, deposant.utilisateur)
    _saisir(visiteur, deposant.utilisateur.username, NOUVEAU)
    visiteur.page.wait_for_url("**/accueil")
    visiteur.page.goto("/segurnums/compte")
    vue.regarder(visiteur.page)
    visiteur.page.goto("/segurnums/compte/mot-de-passe")
    vue.regarder(visiteur.page)
    vue.conclure()


@pytest.mark.exigence("GST-001")
def test_un_agent_active_un_second_facteur_et_s_en_sert(
    portail: Portail, agents: dict[Profil, Utilisateur]
) -> None:
    vue, agent = Surveillance(), agents[Profil.GESTIONNAIRE]
    visiteur = portail.entrer(agent)
    vue.suivre(visiteur.page)
    visiteur.lien("Mon compte").click()
    visiteur.lien("Activer un second facteur").click()
    assert visiteur.page.get_by_alt_text("Code QR").evaluate("image => image.naturalWidth") > 50
    vue.regarder(visiteur.page)
    cle = visiteur.page.locator(".portail-cle").inner_text().replace(" ", "")
    visiteur.page.get_by_label("Code à six chiffres").fill(pyotp.TOTP(cle).at(maintenant()))
    visiteur.bouton("Activer").click()
    visiteur.lire("Mes codes de secours")
    vue.regarder(visiteur.page)
    secours = visiteur.page.locator(".portail-codes code").first.inner_text()
    visiteur.bouton("Se déconnecter").click()
    _saisir(visiteur, agent.username, portail.mot_de_passe)
    visiteur.lire("Votre mot de passe est accepté")
    vue.regarder(visiteur.page)
    visiteur.page.get_by_label("Code à six chiffres").fill(secours)
    visiteur.bouton("Valider").click()
    visiteur.page.wait_for_url("**/gestion/")
    assert SecondFacteur.objects.get().utilisateur == agent
    vue.conclure()


@pytest.mark.exigence("GST-033", "FRM-006", "ENR-068")
def test_un_administrateur_invite_un_lecteur(portail: Portail, deposant: Deposant) -> None:
    vue, visiteur = Surveillance(), portail.entrer(deposant.utilisateur)
    vue.suivre(visiteur.page)
    visiteur.bouton("Mon compte").click()
    visiteur.lien("Gérer les utilisateurs").click()
    vue.regarder(visiteur.page)
    visiteur.lien("Inviter un utilisateur").click()
    visiteur.page.get_by_label("Nom *", exact=True).fill("Martin")
    visiteur.page.get_by_label("Prénom").fill("Ali")
    visiteur.page.get_by_label("Adresse électronique").fill("ali@societe.example")
    visiteur.page.get_by_label("Rôle").select_option(label="Lecteur")
    vue.regarder(visiteur.page)
    visiteur.bouton("Envoyer l'invitation").click()
    visiteur.lire("L'invitation est envoyée", "Invitation envoyée")
    vue.regarder(visiteur.page)
    invite = Utilisateur.objects.get(email="ali@societe.example")
    assert invite.role == Role.LECTEUR
    autre = portail.visiteur()
    _choisir_le_mot_de_passe(autre, invite)
    _saisir(autre, invite.username, NOUVEAU)
    autre.lire("Fournisseur : Lecteur")
    vue.conclure()
