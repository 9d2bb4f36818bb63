"""Signing in and out, and what a page says to who cannot."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes import demonstration
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.essais import usines
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

CONNEXION = "/segurnums/"
MOT_DE_PASSE = "un-mot-de-passe-d-essai"


@pytest.fixture
def fournisseur() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


def avec_mot_de_passe(profil: Profil) -> Utilisateur:
    utilisateur = usines.utilisateur(profil)
    utilisateur.set_password(MOT_DE_PASSE)
    utilisateur.save()
    return utilisateur


def saisir(client: Client, identifiant: str, mot_de_passe: str = MOT_DE_PASSE, **reste: str):
    return client.post(CONNEXION, {"username": identifiant, "password": mot_de_passe, **reste})


@pytest.mark.exigence("PUB-035")
def test_l_ecran_de_connexion_porte_les_libelles_du_guide():
    page = Client().get(CONNEXION)
    texte = mots(page)
    assert "Portail SEGUR Numérique" in texte
    for libelle in ("Accéder à mon espace personnel", "Votre identifiant", "Votre mot de passe", "Valider"):
        assert libelle in texte
    assert 'type="password"' in page.content.decode()


@pytest.mark.exigence("PUB-036")
@pytest.mark.parametrize("profil", Profil)
def test_chacun_arrive_sur_l_accueil_de_son_profil(profil):
    reponse = saisir(Client(), avec_mot_de_passe(profil).username)
    attendue = "fournisseur:accueil" if profil in PROFILS_ENTREPRISE else "gestion:accueil"
    assert reponse["Location"] == reverse(attendue)


@pytest.mark.exigence("PUB-036")
def test_une_personne_connectee_ne_revoit_pas_l_ecran_de_connexion(fournisseur):
    client = Client()
    saisir(client, fournisseur.username)
    assert client.get(CONNEXION)["Location"] == reverse("fournisseur:accueil")


@pytest.mark.exigence("PUB-042")
def test_un_refus_ne_dit_pas_laquelle_des_deux_valeurs_est_fausse(fournisseur):
    faux_mot = saisir(Client(), fournisseur.username, "faux")
    inconnu = saisir(Client(), "inconnu-au-bataillon")
    inactif = usines.utilisateur(Profil.FOURNISSEUR, is_active=False)
    assert "L'identifiant ou le mot de passe n'est pas le bon." in mots(faux_mot)
    assert mots(faux_mot) == mots(inconnu) == mots(saisir(Client(), inactif.username))


def test_les_majuscules_de_l_identifiant_ne_comptent_pas_celles_du_mot_de_passe_oui(fournisseur):
    assert saisir(Client(), f" {fournisseur.username.upper()} ").status_code == 302
    assert saisir(Client(), fournisseur.username, MOT_DE_PASSE.upper()).status_code == 200


@pytest.mark.exigence("PUB-042")
def test_des_champs_vides_sont_reclames_un_a_un():
    texte = mots(saisir(Client(), "", ""))
    assert "Saisissez votre identifiant." in texte
    assert "Saisissez votre mot de passe." in texte


@pytest.mark.exigence("PUB-037", "PUB-038")
@pytest.mark.parametrize("libelle", ["J'ai oublié mon identifiant", "J'ai oublié mon mot de passe"])
def test_un_oubli_mene_a_son_formulaire(libelle):
    page = Client().get(lien(Client().get(CONNEXION), libelle))
    assert titres(page, 1) == [libelle]


@pytest.mark.exigence("PUB-043")
def test_se_deconnecter_ramene_a_l_ecran_de_connexion(fournisseur):
    client = Client()
    saisir(client, fournisseur.username)
    reponse = client.post(reverse("fournisseur:deconnexion"))
    assert reponse["Location"] == CONNEXION
    assert client.get(reverse("fournisseur:accueil")).status_code == 302


def test_se_deconnecter_apres_la_fin_de_la_session_ramene_aussi_a_l_ecran_de_connexion():
    assert Client().post(reverse("fournisseur:deconnexion"))["Location"] == CONNEXION


def test_une_simple_visite_ne_deconnecte_pas(fournisseur):
    client = Client()
    saisir(client, fournisseur.username)
    assert client.get(reverse("fournisseur:deconnexion")).status_code == 405
    assert client.get(reverse("fournisseur:accueil")).status_code == 200


def test_apres_la_connexion_on_retrouve_la_page_demandee(fournisseur):
    client = Client()
    demandee = reverse("fournisseur:enrolements")
    connexion = client.get(demandee, follow=True)
    assert f'name="next" value="{demandee}"' in connexion.content.decode()
    assert "Connectez-vous pour continuer" in mots(connexion)
    assert saisir(client, fournisseur.username, next=demandee)["Location"] == demandee


@pytest.mark.parametrize("piege", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_la_connexion_ne_mene_jamais_hors_du_portail(fournisseur, piege):
    assert saisir(Client(), fournisseur.username, next=piege)["Location"] == reverse("fournisseur:accueil")


def test_les_comptes_de_demonstration_ne_sont_dits_que_dans_une_demonstration(settings):
    settings.DEMONSTRATION = False
    assert "demo-" not in mots(Client().get(CONNEXION))
    settings.DEMONSTRATION = True
    texte = mots(Client().get(CONNEXION))
    assert demonstration.MOT_DE_PASSE in texte
    for identifiant in demonstration.COMPTES:
        assert identifiant in texte
