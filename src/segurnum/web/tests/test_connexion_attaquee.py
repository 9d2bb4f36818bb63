"""Somebody guesses passwords: slowed down himself, he never keeps the owner out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from segurnum.comptes import mots_de_passe
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais.horloge import Horloge
from segurnum.limites.connexion import ATTAQUE, FRANCS, FRANCS_RESEAU, connexion_suspendue
from segurnum.limites.reglages import lire_mandataires
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_connexion import avec_mot_de_passe, saisir

pytestmark = pytest.mark.django_db
ENTRE = 302


@pytest.fixture
def personne() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


def depuis(adresse: str) -> Client:
    return Client(REMOTE_ADDR=adresse)


def attaquer(personne: Utilisateur, horloge: Horloge) -> None:
    """Fifty addresses, each as often as it may, for an hour."""
    for _ in range(4):
        for rang in range(50):
            saisir(depuis(f"198.51.100.{rang}"), personne.username, "faux")
        horloge.avancer(minutes=15)


def connu(personne: Utilisateur) -> Client:
    """A browser that has signed in before, and out."""
    client = depuis("203.0.113.5")
    assert saisir(client, personne.username).status_code == ENTRE
    client.post(reverse("fournisseur:deconnexion"))
    return client


def test_qui_devine_attend_de_plus_en_plus_et_sait_jusqu_a_quand(
    personne: Utilisateur, horloge: Horloge
) -> None:
    attaquant = depuis("198.51.100.1")
    for _ in range(FRANCS):
        assert saisir(attaquant, personne.username, "faux").status_code == 200
    for secondes in (30, 60, 120):
        refus = saisir(attaquant, personne.username)
        assert refus.status_code == 429
        assert abs(int(refus["Retry-After"]) - secondes) <= 2
        assert "Recommencez à partir du" in mots(refus)
        assert f'value="{personne.username}"' in refus.content.decode()
        horloge.avancer(seconds=secondes + 1)
        assert saisir(attaquant, personne.username, "faux").status_code == 200


def test_une_suspension_s_annonce_a_qui_tient_le_journal(personne: Utilisateur) -> None:
    annoncees: list[str] = []

    def noter(username: str, **_: Any) -> None:
        annoncees.append(username)

    connexion_suspendue.connect(noter)
    for _ in range(FRANCS + 1):
        saisir(Client(), personne.username, "faux")
    connexion_suspendue.disconnect(noter)
    assert annoncees == [personne.username]


def test_insister_pendant_l_attente_ne_l_allonge_pas(personne: Utilisateur, horloge: Horloge) -> None:
    client = depuis("198.51.100.1")
    for _ in range(FRANCS + 20):
        saisir(client, personne.username, "faux")
    horloge.avancer(seconds=31)
    assert saisir(client, personne.username).status_code == ENTRE


def test_un_navigateur_connu_entre_pendant_que_cinquante_adresses_attaquent(
    personne: Utilisateur, horloge: Horloge
) -> None:
    client = connu(personne)
    attaquer(personne, horloge)
    assert saisir(client, personne.username).status_code == ENTRE


def test_un_navigateur_connu_entre_meme_depuis_le_reseau_de_l_attaquant(
    personne: Utilisateur, horloge: Horloge
) -> None:
    client = connu(personne)
    for rang in range(FRANCS_RESEAU + 5):
        saisir(depuis("203.0.113.5"), f"autre-{rang}", "faux")
        saisir(depuis("203.0.113.5"), personne.username, "faux")
    assert saisir(depuis("203.0.113.5"), personne.username).status_code == 429
    assert saisir(client, personne.username).status_code == ENTRE


def test_d_un_lieu_nouveau_le_proprietaire_entre_apres_une_verification(
    personne: Utilisateur, horloge: Horloge, settings: Settings
) -> None:
    attaquer(personne, horloge)
    ailleurs = depuis("192.0.2.44")
    page = saisir(ailleurs, personne.username)
    assert page.status_code == 200
    assert "Cochez « Je ne suis pas un robot »" in mots(page)
    assert 'name="captcha_page"' in page.content.decode()
    # The page without scripts: the time spent on it is the proof.
    marque = page.content.decode().split('name="captcha_page" value="')[1].partition('"')[0]
    horloge.avancer(seconds=6)
    assert saisir(ailleurs, personne.username, captcha_page=marque).status_code == ENTRE


def test_le_lien_du_courriel_fait_entrer_sans_attendre(personne: Utilisateur, horloge: Horloge) -> None:
    client = depuis("198.51.100.1")
    for _ in range(FRANCS + 1):
        saisir(client, personne.username, "faux")
    jeton, neuf = mots_de_passe.creer_lien(personne, mots_de_passe.RENOUVELLEMENT), "le-chat-mange-la-pomme"
    donnees = {"jeton": jeton, "new_password1": neuf, "new_password2": neuf}
    assert client.post(reverse("fournisseur:nouveau_mot_de_passe"), donnees).status_code == ENTRE
    assert saisir(client, personne.username, neuf).status_code == ENTRE


def test_un_navigateur_connu_ne_l_est_que_de_son_compte_et_a_ses_propres_echecs(
    personne: Utilisateur, horloge: Horloge
) -> None:
    client, autre = connu(personne), avec_mot_de_passe(Profil.FOURNISSEUR)
    for victime in (personne, autre):
        for _ in range(FRANCS):
            saisir(client, victime.username, "faux")
        assert saisir(client, victime.username).status_code == 429
    assert saisir(depuis("192.0.2.44"), personne.username).status_code == ENTRE


@pytest.mark.parametrize("cookie", ["", "faux", "W10:1:1", "\x00"])
def test_un_temoin_invente_ne_vaut_rien(
    personne: Utilisateur, horloge: Horloge, settings: Settings, cookie: str
) -> None:
    attaquer(personne, horloge)
    client = depuis("192.0.2.44")
    client.cookies[settings.NAVIGATEUR_COOKIE_NAME] = cookie
    assert "Je ne suis pas un robot" in mots(saisir(client, personne.username))


def test_le_temoin_d_un_navigateur_connu_est_garde_comme_une_session(
    personne: Utilisateur, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE, settings.NAVIGATEUR_COOKIE_NAME = True, "__Host-navigateur"
    temoin = saisir(Client(), personne.username).cookies["__Host-navigateur"]
    assert (temoin["secure"], temoin["httponly"], temoin["samesite"], temoin["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    assert not temoin["domain"]
    assert personne.username not in temoin.value


def test_un_reseau_qui_essaie_tous_les_comptes_est_ralenti(horloge: Horloge) -> None:
    for rang in range(FRANCS_RESEAU):
        assert saisir(depuis("2001:db8:1:2::1"), f"compte-{rang}", "faux").status_code == 200
    assert saisir(depuis("2001:db8:1:2:ffff::9"), "encore-un", "faux").status_code == 429
    assert saisir(depuis("2001:db8:1:3::1"), "encore-un", "faux").status_code == 200


def test_s_inventer_une_adresse_a_chaque_essai_ne_sert_a_rien(
    personne: Utilisateur, settings: Settings
) -> None:
    settings.MANDATAIRES = lire_mandataires(["10.0.0.1"])
    client = depuis("198.51.100.1")
    for rang in range(FRANCS):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"1.1.1.{rang}"
        saisir(client, personne.username, "faux")
    assert saisir(client, personne.username).status_code == 429


def test_une_attaque_ne_dit_pas_si_le_compte_existe(personne: Utilisateur, horloge: Horloge) -> None:
    pages: list[Any] = []
    for identifiant in (personne.username, "inconnu-au-bataillon"):
        for rang in range(ATTAQUE):
            saisir(depuis(f"198.51.100.{rang}"), identifiant, "faux")
        pages.append(mots(saisir(depuis("192.0.2.44"), identifiant, "faux")))
    assert pages[0].replace(personne.username, "") == pages[1].replace("inconnu-au-bataillon", "")


@pytest.mark.exigence("PUB-036")
def test_la_casse_de_l_identifiant_ne_compte_pas(personne: Utilisateur) -> None:
    assert saisir(Client(), f" {personne.username.upper()} ").status_code == ENTRE


@pytest.mark.parametrize("identifiant", ["\x00", "a\x00b", "\ud800", "a\tb", " ", "\u202e", "x" * 5_000])
def test_un_identifiant_que_personne_n_a_est_refuse_avec_une_phrase(identifiant: str) -> None:
    page = saisir(Client(), identifiant.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert page.status_code == 200
    assert "Le formulaire n'a pas été accepté" in mots(page)
