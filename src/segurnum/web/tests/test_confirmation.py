"""The password, or the factor, asked again: who it is asked of, and that nothing typed is lost on the way."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as reglages
from django.test import Client
from django.urls import reverse

from segurnum.comptes import preuves, sessions
from segurnum.comptes.models import CleAcces, Invitation, Profil, Role, SecondFacteur, Utilisateur
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.authentificateur import Authentificateur
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_cles_acces import ajouter, options
from segurnum.web.tests.test_connexion import MOT_DE_PASSE, avec_mot_de_passe
from segurnum.web.tests.test_coordonnees_banque import Ecran as Banque
from segurnum.web.tests.test_second_facteur import activer, code

pytestmark = pytest.mark.django_db

QUESTION = "Confirmer que c'est bien vous"
INVITATION = {"nom": "Martin", "prenom": "Ali <b>", "courriel": "ali@societe.example", "role": "LECTEUR"}


@pytest.fixture
def personne() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


@pytest.fixture
def plus_tard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session that the test opens was signed in a while before it acts."""
    origine = sessions.marquer_l_ouverture

    def ancienne(session: Any) -> None:
        origine(session)
        session[sessions.CONFIRMEE_LE] = (maintenant() - sessions.CONFIRMATION).isoformat()

    monkeypatch.setattr("segurnum.comptes.signaux.marquer_l_ouverture", ancienne)


def connecte(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def gardes(page: Any) -> dict[str, str]:
    """What the page of the question sends again: its hidden fields, but the protection against forgery."""
    contenu = page.content.decode().partition("</main>")[0]
    champs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', contenu)
    return {nom: html.unescape(valeur) for nom, valeur in champs if nom != "csrfmiddlewaretoken"}


def repondre(client: Client, adresse: str, page: Any, **preuve: str) -> Any:
    preuve = {f"confirmation_{nom}": valeur for nom, valeur in preuve.items()}
    return client.post(adresse, gardes(page) | (preuve or {"confirmation_mot_de_passe": MOT_DE_PASSE}))


def _invitation(personne: Utilisateur) -> dict[str, str]:
    return INVITATION | {"entreprise": str(personne.entreprise_id)}


@pytest.mark.parametrize(
    "route",
    ["activer_second_facteur", "ajouter_cle", "inviter"],
)
@pytest.mark.usefixtures("plus_tard")
def test_une_page_sensible_demande_d_abord_une_preuve_puis_s_ouvre(personne: Utilisateur, route: str) -> None:
    client, adresse = connecte(personne), reverse(f"fournisseur:{route}")
    page = client.get(adresse)
    assert titres(page, 1) == [QUESTION]
    assert repondre(client, adresse, page)["Location"] == adresse
    assert titres(client.get(adresse), 1) != [QUESTION]


@pytest.mark.usefixtures("plus_tard")
def test_ce_qui_etait_saisi_est_fait_apres_la_preuve(personne: Utilisateur) -> None:
    client, adresse = connecte(personne), reverse("fournisseur:inviter")
    page = client.post(adresse, _invitation(personne))
    assert titres(page, 1) == [QUESTION]
    assert not Invitation.objects.exists()
    assert gardes(page) == _invitation(personne) | {"confirmation": "POST"}
    faux = repondre(client, adresse, page, mot_de_passe="faux")
    assert faux.status_code == 422
    assert "Ce n'est pas votre mot de passe." in mots(faux)
    assert gardes(faux) == gardes(page)
    assert repondre(client, adresse, faux)["Location"] == reverse("fournisseur:utilisateurs")
    invitation = Invitation.objects.get()
    assert (invitation.prenom, invitation.role) == ("Ali <b>", Role.LECTEUR)
    assert Evenement.objects.filter(objet=personne.objet, geste="ECHEC_CONFIRMATION").count() == 1


@pytest.mark.parametrize("geste", ["changer_role", "retirer_acces", "rouvrir_acces"])
@pytest.mark.usefixtures("plus_tard")
def test_changer_les_utilisateurs_demande_une_preuve(personne: Utilisateur, geste: str) -> None:
    collegue = usines.utilisateur(Profil.FOURNISSEUR, entreprise=personne.entreprise)
    client, adresse = connecte(personne), reverse(f"fournisseur:{geste}", args=[collegue.pk])
    page = client.post(adresse, {"entreprise": str(personne.entreprise_id), "role": "LECTEUR"})
    assert titres(page, 1) == [QUESTION]
    faits = Evenement.objects.filter(objet=collegue.objet)
    assert not faits.exists()
    assert repondre(client, adresse, page).status_code == 302
    assert faits.exists()


@pytest.mark.usefixtures("plus_tard")
def test_retirer_un_facteur_demande_ce_facteur_et_non_le_mot_de_passe(personne: Utilisateur) -> None:
    cle, _ = activer(personne)
    client, adresse = connecte(personne), reverse("fournisseur:retirer_second_facteur")
    page = client.post(adresse)
    assert "Votre mot de passe" not in mots(page)
    repondre(client, adresse, page, mot_de_passe=MOT_DE_PASSE)
    repondre(client, adresse, page, code="ABCDEF")
    assert SecondFacteur.objects.exists()
    repondre(client, adresse, page, code=code(cle))
    assert not SecondFacteur.objects.exists()


def test_une_cle_d_acces_est_une_preuve(personne: Utilisateur, monkeypatch: pytest.MonkeyPatch) -> None:
    client, telephone = connecte(personne), Authentificateur(reglages.ADRESSE_PORTAIL)
    ajouter(client, telephone)
    tard = maintenant() + sessions.CONFIRMATION
    monkeypatch.setattr(sessions, "maintenant", lambda: tard)
    adresse = reverse("fournisseur:retirer_cle", args=[CleAcces.objects.get().pk])
    page = client.post(adresse)
    assert titres(page, 1) == [QUESTION]
    menteur = Authentificateur(reglages.ADRESSE_PORTAIL)
    refus = repondre(client, adresse, page, cle=menteur.prouver(options(page)))
    assert "n'a pas été reconnue" in mots(refus)
    assert CleAcces.objects.exists()
    assert repondre(client, adresse, refus, cle=telephone.prouver(options(refus))).status_code == 302
    assert not CleAcces.objects.exists()


@pytest.mark.exigence("ACC-001")
@pytest.mark.usefixtures("plus_tard")
def test_un_compte_bancaire_et_son_rib_passent_la_preuve_sans_se_perdre() -> None:
    ecran = Banque()
    ecran.societe.utilisateur.set_password(MOT_DE_PASSE)
    ecran.societe.utilisateur.save()
    ecran.client.force_login(ecran.societe.utilisateur)
    page = ecran.ajouter()
    assert titres(page, 1) == [QUESTION]
    assert not ModificationBancaire.objects.exists()
    suite = repondre(ecran.client, reverse("fournisseur:ajouter_compte"), page)
    assert suite["Location"] == reverse("fournisseur:comptes_bancaires")
    assert ModificationBancaire.objects.get().nom_rib == "rib.pdf"


def test_se_connecter_est_une_preuve_pour_dix_minutes(personne: Utilisateur, monkeypatch) -> None:
    client, adresse = connecte(personne), reverse("fournisseur:ajouter_cle")
    depart = maintenant()
    monkeypatch.setattr(sessions, "maintenant", lambda: depart + timedelta(minutes=9))
    assert titres(client.get(adresse), 1) == ["Ajouter une clé d'accès"]
    monkeypatch.setattr(sessions, "maintenant", lambda: depart + timedelta(minutes=11))
    assert titres(client.get(adresse), 1) == [QUESTION]


@pytest.mark.usefixtures("plus_tard")
def test_on_ne_devine_pas_le_mot_de_passe_par_la_question(personne: Utilisateur) -> None:
    client, adresse = connecte(personne), reverse("fournisseur:ajouter_cle")
    page = client.get(adresse)
    for _ in range(preuves.ESSAIS_PAR_QUART_D_HEURE):
        repondre(client, adresse, page, mot_de_passe="faux")
    assert "Trop d'essais" in mots(repondre(client, adresse, page))
    assert titres(client.get(adresse), 1) == [QUESTION]


@pytest.mark.usefixtures("plus_tard")
def test_qui_n_a_ni_mot_de_passe_ni_facteur_prouve_par_son_fournisseur_d_identite(settings) -> None:
    settings.OIDC_EMETTEUR = "https://id.example"
    client, adresse = connecte(usines.utilisateur(Profil.FOURNISSEUR)), reverse("fournisseur:ajouter_cle")
    assert "Confirmer avec ProConnect" in mots(client.get(adresse))
