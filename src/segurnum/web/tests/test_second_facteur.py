"""The second factor on the pages: asked after the password, turned on and off in « Mon compte »."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes import coffre, second_facteur
from segurnum.comptes.models import CodeSecours, Profil, SecondFacteur, Utilisateur
from segurnum.regles.calendrier import maintenant
from segurnum.seuil import ouverture
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_connexion import avec_mot_de_passe, saisir

pytestmark = pytest.mark.django_db

CODE = "/segurnums/code"


@pytest.fixture
def personne() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


def code(cle: str) -> str:
    return pyotp.TOTP(cle).at(maintenant())


def activer(personne: Utilisateur) -> tuple[str, list[str]]:
    cle = second_facteur.nouvelle_cle()
    codes = second_facteur.activer(personne=personne, cle=cle, code=code(cle))
    SecondFacteur.objects.update(dernier_pas=0)
    return cle, codes


def est_entre(client: Client) -> bool:
    return client.get(reverse("fournisseur:compte")).status_code == 200


def test_le_mot_de_passe_seul_n_ouvre_rien(personne: Utilisateur) -> None:
    cle, _ = activer(personne)
    client = Client()
    suite = reverse("fournisseur:demandes")
    assert saisir(client, personne.username, next=suite)["Location"] == CODE
    assert not est_entre(client)
    faux = client.post(CODE, {"code": "ABCDEF"})
    assert faux.status_code == 422
    assert "Ce code n'est pas le bon" in mots(faux)
    assert not est_entre(client)
    assert client.post(CODE, {"code": code(cle)})["Location"] == suite
    assert est_entre(client)


def test_un_code_de_secours_ouvre_la_session(personne: Utilisateur) -> None:
    _, codes = activer(personne)
    client = Client()
    saisir(client, personne.username)
    assert client.post(CODE, {"code": codes[0]})["Location"] == reverse("fournisseur:accueil")


def test_trop_de_codes_faux_sont_dits(personne: Utilisateur) -> None:
    cle, _ = activer(personne)
    client = Client()
    saisir(client, personne.username)
    for _ in range(second_facteur.ESSAIS):
        client.post(CODE, {"code": "ABCDEF"})
    assert "Trop de codes faux" in mots(client.post(CODE, {"code": code(cle)}))
    assert not est_entre(client)


def test_la_page_du_code_ne_s_ouvre_pas_sans_mot_de_passe(personne: Utilisateur) -> None:
    cle, _ = activer(personne)
    assert Client().get(CODE)["Location"] == reverse("fournisseur:connexion")
    assert Client().post(CODE, {"code": code(cle)})["Location"] == reverse("fournisseur:connexion")


def test_le_code_se_saisit_dans_les_minutes_qui_suivent_le_mot_de_passe(
    personne: Utilisateur, monkeypatch
) -> None:
    cle, _ = activer(personne)
    client = Client()
    saisir(client, personne.username)
    tard = maintenant() + ouverture.DELAI + timedelta(seconds=1)
    monkeypatch.setattr(ouverture, "maintenant", lambda: tard)
    page = client.post(CODE, {"code": code(cle)}, follow=True)
    assert "recommencez la connexion" in mots(page)
    assert not est_entre(client)


def test_on_active_puis_on_retire_son_second_facteur(personne: Utilisateur) -> None:
    client, ailleurs = Client(), Client()
    saisir(client, personne.username)
    saisir(ailleurs, personne.username)
    adresse = reverse("fournisseur:activer_second_facteur")
    page = client.get(adresse)
    assert 'src="data:image/svg+xml' in page.content.decode()
    ecrite = re.search(r'portail-cle">([A-Z2-7 ]+)<', page.content.decode())
    assert ecrite
    cle = ecrite[1].replace(" ", "")
    assert "six chiffres affichés" in mots(client.post(adresse, {"code": "ABCDEF"}))
    codes = client.post(adresse, {"code": code(cle)})
    assert titres(codes, 1) == ["Mes codes de secours"]
    secours = re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", codes.content.decode())
    assert len(secours) == second_facteur.CODES_DE_SECOURS
    assert not est_entre(ailleurs)
    assert secours[0] not in mots(client.get(reverse("fournisseur:compte")))
    assert client.get(adresse)["Location"] == reverse("fournisseur:compte")

    nouveaux = client.post(reverse("fournisseur:renouveler_codes"))
    assert titres(nouveaux, 1) == ["Mes codes de secours"]
    assert "est retirée" in mots(client.post(reverse("fournisseur:retirer_second_facteur"), follow=True))
    assert not SecondFacteur.objects.exists()
    assert not CodeSecours.objects.exists()


def test_un_agent_sans_second_facteur_n_accede_a_rien_d_autre_quand_il_est_exige(settings) -> None:
    settings.SECOND_FACTEUR_AGENTS = True
    agent, client = avec_mot_de_passe(Profil.GESTIONNAIRE), Client()
    saisir(client, agent.username)
    activation = reverse("fournisseur:activer_second_facteur")
    for page in ("gestion:accueil", "gestion:demandes", "fournisseur:compte"):
        assert client.get(reverse(page))["Location"] == activation
    assert client.get(reverse("public:accueil")).status_code == 200
    assert client.get(activation).status_code == 200
    assert client.get(reverse("fournisseur:ajouter_cle")).status_code == 200
    cle = coffre.ouvrir(client.session["cle_a_confirmer"])
    client.post(activation, {"code": code(cle)})
    assert client.get(reverse("gestion:demandes")).status_code == 200
    refus = client.post(reverse("fournisseur:retirer_second_facteur"), follow=True)
    assert "ajoutez d'abord une clé d'accès" in mots(refus)
    assert SecondFacteur.objects.exists()


def test_une_entreprise_garde_le_choix_quand_il_est_exige_des_agents(settings, personne) -> None:
    settings.SECOND_FACTEUR_AGENTS = True
    client = Client()
    saisir(client, personne.username)
    assert est_entre(client)
