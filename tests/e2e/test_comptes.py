"""Accounts in a browser: a forgotten password, the second factor, an invitation."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest

from e2e.visiteurs import ZOOM_400, Portail, Surveillance, Visiteur
from segurnum.comptes import sessions
from segurnum.comptes.exigences import REGLES
from segurnum.comptes.models import Profil, Role, SecondFacteur, Utilisateur
from segurnum.essais.courriels import invitation_recue, lien_recu, repondre_aux_oublis
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
    visiteur.page.goto("/segurnums/compte/connexions")
    visiteur.lire("Mes dernières connexions")
    vue.regarder(visiteur.page)
    visiteur.page.goto("/segurnums/compte/mot-de-passe")
    visiteur.lire(REGLES)
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
    visiteur.lien("Ajouter une application d'authentification").click()
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
    visiteur.lire("L'invitation est envoyée", "En attente de réponse")
    vue.regarder(visiteur.page)
    autre = portail.visiteur()
    autre.page.goto(invitation_recue("ali@societe.example"))
    vue.regarder(autre.page)
    autre.bouton("Accepter").click()
    autre.lire("L'invitation est acceptée")
    invite = Utilisateur.objects.get(email="ali@societe.example")
    assert invite.role == Role.LECTEUR
    _choisir_le_mot_de_passe(autre, invite)
    _saisir(autre, invite.username, NOUVEAU)
    autre.lire("Fournisseur : Lecteur")
    vue.conclure()


def _donner_un_authentificateur(visiteur: Visiteur) -> None:
    """What the browser asks for a passkey, in software: it keeps them, and knows its owner."""
    devtools = visiteur.contexte.new_cdp_session(visiteur.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.exigence("GST-001")
def test_une_cle_d_acces_s_ajoute_puis_ouvre_le_portail_avec_et_sans_mot_de_passe(
    portail: Portail, agents: dict[Profil, Utilisateur], settings: Any
) -> None:
    settings.ADRESSE_PORTAIL = portail.adresse
    settings.SECOND_FACTEUR_AGENTS = True
    vue, agent = Surveillance(), agents[Profil.GESTIONNAIRE]
    visiteur = portail.visiteur(ZOOM_400)
    vue.suivre(visiteur.page)
    _donner_un_authentificateur(visiteur)
    visiteur.page.goto("/segurnums/")
    _saisir(visiteur, agent.username, portail.mot_de_passe)
    visiteur.lire("Votre profil demande un second facteur")
    visiteur.lien("ajouter une clé d'accès").click()
    visiteur.page.get_by_label("Nom de la clé").fill("Téléphone")
    vue.regarder(visiteur.page)
    visiteur.bouton("Créer la clé").press("Enter")
    visiteur.lire("Mes codes de secours")
    visiteur.page.goto("/segurnums/compte")
    visiteur.lire("Téléphone")
    vue.regarder(visiteur.page)
    _sortir(visiteur)
    _saisir(visiteur, agent.username, portail.mot_de_passe)
    visiteur.lire("Utilisez maintenant votre clé d'accès")
    vue.regarder(visiteur.page)
    visiteur.bouton("Utiliser ma clé d'accès").press("Enter")
    visiteur.page.wait_for_url("**/gestion/")
    _sortir(visiteur)
    visiteur.lien("Se connecter avec une clé d'accès").click()
    vue.regarder(visiteur.page)
    visiteur.bouton("Me connecter par ma clé").press("Enter")
    visiteur.page.wait_for_url("**/gestion/")
    vue.conclure()


def _sortir(visiteur: Visiteur) -> None:
    visiteur.page.goto("/segurnums/compte")
    visiteur.page.locator("form[action='/segurnums/deconnexion']").first.evaluate(
        "formulaire => formulaire.submit()"
    )
    visiteur.page.wait_for_url("**/segurnums/")


def test_une_cle_qui_n_est_pas_donnee_se_dit_et_laisse_recommencer(
    portail: Portail, deposant: Deposant, settings: Any
) -> None:
    settings.ADRESSE_PORTAIL = "https://portail.example"  # the address of the page is not the portal's
    visiteur = portail.entrer(deposant.utilisateur)
    _donner_un_authentificateur(visiteur)
    visiteur.page.goto("/segurnums/compte/cles-d-acces/ajouter")
    visiteur.bouton("Créer la clé").click()
    visiteur.lire("ne se donne qu'à l'adresse officielle du portail")
    assert visiteur.bouton("Créer la clé").is_enabled()


def test_sans_script_la_page_dit_pourquoi_et_ne_montre_pas_de_bouton(
    portail: Portail, deposant: Deposant
) -> None:
    visiteur = portail.entrer(deposant.utilisateur, java_script_enabled=False)
    visiteur.page.goto("/segurnums/compte/cles-d-acces/ajouter")
    visiteur.lire("Ce navigateur ne sait pas se servir d'une clé d'accès ici")
    assert visiteur.bouton("Créer la clé").count() == 0


def test_la_preuve_demandee_mene_au_geste_commence(
    portail: Portail, deposant: Deposant, monkeypatch: pytest.MonkeyPatch
) -> None:
    vue, visiteur = Surveillance(), portail.entrer(deposant.utilisateur, ZOOM_400)
    vue.suivre(visiteur.page)
    visiteur.page.goto("/segurnums/compte/utilisateurs/inviter")
    visiteur.page.get_by_label("Nom *", exact=True).fill("Martin")
    visiteur.page.get_by_label("Prénom").fill("Ali")
    visiteur.page.get_by_label("Adresse électronique").fill("ali@societe.example")
    duree = sessions.CONFIRMATION
    monkeypatch.setattr(sessions, "CONFIRMATION", timedelta(0))
    visiteur.bouton("Envoyer l'invitation").click()
    visiteur.lire("Confirmer que c'est bien vous")
    vue.regarder(visiteur.page)
    monkeypatch.setattr(sessions, "CONFIRMATION", duree)
    visiteur.page.get_by_label("Votre mot de passe").fill(portail.mot_de_passe)
    visiteur.bouton("Confirmer").click()
    visiteur.lire("L'invitation est envoyée à ali@societe.example")
    vue.conclure()
