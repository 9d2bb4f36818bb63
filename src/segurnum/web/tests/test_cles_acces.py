"""Passkeys on the pages: added, used beside a password or alone, renamed, removed; and every lie refused."""

import html
import json
import re
from typing import Any

import pytest
from django.conf import settings as reglages
from django.test import Client
from django.urls import reverse

from segurnum.comptes import cles_acces, second_facteur
from segurnum.comptes.models import CleAcces, CodeSecours, Profil, Utilisateur
from segurnum.essais.courriels import recus
from segurnum.journal.models import Evenement
from segurnum.web.tests.authentificateur import Authentificateur
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_connexion import CONNEXION, avec_mot_de_passe, saisir
from segurnum.web.tests.test_second_facteur import CODE, est_entre

pytestmark = pytest.mark.django_db

SEULE = "/segurnums/cle-d-acces"
AJOUTER = "/segurnums/compte/cles-d-acces/ajouter"


@pytest.fixture
def personne() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


@pytest.fixture
def telephone() -> Authentificateur:
    return Authentificateur(reglages.ADRESSE_PORTAIL)


def options(page: Any) -> str:
    """What the page has its script ask the browser."""
    trouvees = re.search(r'data-options="([^"]*)"', page.content.decode())
    assert trouvees
    return html.unescape(trouvees[1])


def connecte(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def ajouter(client: Client, cle: Authentificateur, nom: str = "Téléphone") -> Any:
    demande = options(client.get(AJOUTER))
    return client.post(AJOUTER, {"nom": nom, "cle": cle.creer(demande)})


def entrer_seule(cle: Authentificateur, **changements: Any) -> tuple[Client, Any]:
    client = Client()
    reponse = json.loads(cle.prouver(options(client.get(SEULE)))) | changements
    return client, client.post(SEULE, {"cle": json.dumps(reponse)})


def test_une_premiere_cle_donne_des_codes_de_secours_et_se_voit(personne, telephone) -> None:
    client, ailleurs = connecte(personne), connecte(personne)
    codes = ajouter(client, telephone)
    assert titres(codes, 1) == ["Mes codes de secours"]
    assert CodeSecours.objects.count() == second_facteur.CODES_DE_SECOURS
    page = mots(client.get(reverse("fournisseur:compte")))
    assert "Téléphone" in page
    assert not est_entre(ailleurs)
    assert recus(personne) == ["M51"]
    assert Evenement.objects.filter(objet=personne.objet, geste="AJOUTER_CLE_ACCES").exists()
    seconde = ajouter(client, Authentificateur(reglages.ADRESSE_PORTAIL), "Clé USB")
    assert seconde["Location"] == reverse("fournisseur:compte")
    assert CleAcces.objects.count() == 2


def test_apres_le_mot_de_passe_la_cle_ouvre_la_session(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    client, suite = Client(), reverse("fournisseur:demandes")
    assert saisir(client, personne.username, next=suite)["Location"] == CODE
    page = client.get(CODE)
    assert "Utilisez maintenant votre clé d'accès" in mots(page)
    assert not est_entre(client)
    assert client.post(CODE, {"cle": telephone.prouver(options(page))})["Location"] == suite
    assert est_entre(client)
    assert "Mot de passe et clé d'accès" in mots(client.get(reverse("fournisseur:connexions")))


def test_un_code_de_secours_remplace_la_cle_perdue(personne, telephone) -> None:
    codes = re.findall(
        r"<code>([A-Z2-9-]{11})</code>", ajouter(connecte(personne), telephone).content.decode()
    )
    client = Client()
    saisir(client, personne.username)
    assert client.post(CODE, {"code": codes[0]})["Location"] == reverse("fournisseur:accueil")


def test_la_cle_seule_suffit_quand_l_appareil_reconnait_son_proprietaire(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    assert SEULE in Client().get(CONNEXION).content.decode()
    client, reponse = entrer_seule(telephone)
    assert reponse["Location"] == reverse("fournisseur:accueil")
    assert est_entre(client)
    assert CleAcces.objects.get().utilisee_le is not None


def test_une_cle_qui_ne_reconnait_personne_n_ouvre_rien_seule(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    telephone.reconnait = False
    client, page = entrer_seule(telephone)
    assert page.status_code == 422
    assert "n'a pas été reconnue" in mots(page)
    assert not est_entre(client)


def test_la_cle_d_un_agent_vaut_le_second_facteur_qui_lui_est_demande(settings, telephone) -> None:
    settings.SECOND_FACTEUR_AGENTS = True
    agent = avec_mot_de_passe(Profil.GESTIONNAIRE)
    client = connecte(agent)
    assert client.get(reverse("gestion:accueil"))["Location"] == reverse("fournisseur:activer_second_facteur")
    ajouter(client, telephone)
    assert client.get(reverse("gestion:accueil")).status_code == 200
    client, _ = entrer_seule(telephone)
    assert client.get(reverse("gestion:accueil")).status_code == 200
    retirer = reverse("fournisseur:retirer_cle", args=[CleAcces.objects.get().pk])
    assert "Votre profil demande un second facteur" in mots(client.post(retirer, follow=True))
    assert CleAcces.objects.exists()


@pytest.mark.parametrize(
    "mensonge",
    [
        {"origine": "https://portail-imite.example"},
        {"domaine": "portail-imite.example"},
        {"identifiant": b"une-autre-cle-la"},
    ],
    ids=lambda valeur: next(iter(valeur)),
)
def test_une_preuve_faite_pour_un_autre_site_ou_par_une_autre_cle_est_refusee(
    personne, telephone, mensonge: dict[str, Any]
) -> None:
    ajouter(connecte(personne), telephone)
    for nom, valeur in mensonge.items():
        setattr(telephone, nom, valeur)
    client, page = entrer_seule(telephone)
    assert page.status_code == 422
    assert not est_entre(client)


def test_une_preuve_ne_sert_qu_une_fois(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    client = Client()
    preuve = telephone.prouver(options(client.get(SEULE)))
    voleur = Client()
    voleur.get(SEULE)
    assert voleur.post(SEULE, {"cle": preuve}).status_code == 422
    assert client.post(SEULE, {"cle": preuve}).status_code == 302
    client.post(reverse("fournisseur:deconnexion"))
    assert client.post(SEULE, {"cle": preuve}).status_code == 422


def test_un_compteur_qui_recule_denonce_une_copie(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    telephone.compteur = 10
    assert entrer_seule(telephone)[1].status_code == 302
    telephone.compteur = 3
    assert entrer_seule(telephone)[1].status_code == 422


@pytest.mark.parametrize(
    "reponse", ["", "pas du JSON", "[]", "{}", '{"id": 3}', '{"id": "\\u0000"}', "x" * 30_000]
)
def test_une_reponse_qui_n_en_est_pas_une_est_refusee_sans_panne(personne, telephone, reponse: str) -> None:
    ajouter(connecte(personne), telephone)
    client = Client()
    client.get(SEULE)
    assert client.post(SEULE, {"cle": reponse}).status_code == 422
    client = connecte(personne)
    client.get(AJOUTER)
    assert client.post(AJOUTER, {"nom": "Autre", "cle": reponse}).status_code == 422
    assert CleAcces.objects.count() == 1


def test_la_cle_d_une_personne_n_entre_pas_a_la_place_d_une_autre(personne, telephone) -> None:
    autre, la_sienne = avec_mot_de_passe(Profil.FOURNISSEUR), Authentificateur(reglages.ADRESSE_PORTAIL)
    ajouter(connecte(personne), telephone)
    ajouter(connecte(autre), la_sienne)
    client = Client()
    saisir(client, personne.username)
    page = client.post(CODE, {"cle": la_sienne.prouver(options(client.get(CODE)))})
    assert page.status_code == 422
    assert "n'a pas été reconnue" in mots(page)
    assert not est_entre(client)
    assert Evenement.objects.filter(objet=personne.objet, geste="ECHEC_SECOND_FACTEUR").count() == 1


def test_un_compte_ferme_reste_ferme(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    Utilisateur.objects.update(is_active=False)
    assert entrer_seule(telephone)[1].status_code == 422


def test_une_cle_se_renomme_et_se_retire(personne, telephone) -> None:
    client = connecte(personne)
    ajouter(client, telephone)
    ajouter(client, Authentificateur(reglages.ADRESSE_PORTAIL), "Clé USB")
    cle = CleAcces.objects.get(nom="Téléphone")
    renommer = reverse("fournisseur:renommer_cle", args=[cle.pk])
    assert "s'appelle déjà" in mots(client.post(renommer, {"nom": "clé usb"}, follow=True))
    assert "Donnez un nom" in mots(client.post(renommer, {"nom": ""}, follow=True))
    assert "est renommée" in mots(client.post(renommer, {"nom": "Mon téléphone"}, follow=True))
    retirer = reverse("fournisseur:retirer_cle", args=[cle.pk])
    assert "est retirée" in mots(client.post(retirer, follow=True))
    assert entrer_seule(telephone)[1].status_code == 422
    assert [cle.nom for cle in CleAcces.objects.all()] == ["Clé USB"]
    assert CodeSecours.objects.exists()
    client.post(reverse("fournisseur:retirer_cle", args=[CleAcces.objects.get().pk]))
    assert not CodeSecours.objects.exists()


def test_la_cle_d_une_autre_personne_n_existe_pas(personne, telephone) -> None:
    ajouter(connecte(personne), telephone)
    curieux, cle = connecte(avec_mot_de_passe(Profil.FOURNISSEUR)), CleAcces.objects.get()
    for geste in ("renommer_cle", "retirer_cle"):
        assert curieux.post(reverse(f"fournisseur:{geste}", args=[cle.pk]), {"nom": "x"}).status_code == 404
    assert CleAcces.objects.get().nom == "Téléphone"


def test_la_meme_cle_ou_le_meme_nom_ne_s_ajoutent_pas_deux_fois(personne, telephone) -> None:
    client = connecte(personne)
    ajouter(client, telephone)
    assert "s'appelle déjà" in mots(ajouter(client, Authentificateur(reglages.ADRESSE_PORTAIL)))
    assert "déjà enregistrée" in mots(ajouter(client, telephone, "Encore"))
    deja = json.loads(options(client.get(AJOUTER)))["excludeCredentials"]
    assert [cle["id"] for cle in deja] == [CleAcces.objects.get().identifiant]


def test_sans_reponse_du_navigateur_la_page_dit_que_la_cle_manque(personne) -> None:
    page = connecte(personne).post(AJOUTER, {"nom": "Téléphone", "cle": ""})
    assert page.status_code == 422
    assert "Clé d'accès : Votre navigateur n'a pas donné de clé" in mots(page)


def test_le_nombre_de_cles_est_borne(personne, monkeypatch) -> None:
    monkeypatch.setattr(cles_acces, "MAXIMUM", 1)
    client = connecte(personne)
    ajouter(client, Authentificateur(reglages.ADRESSE_PORTAIL))
    page = mots(ajouter(client, Authentificateur(reglages.ADRESSE_PORTAIL), "De trop"))
    assert "retirez-en une" in page
    assert CleAcces.objects.count() == 1
