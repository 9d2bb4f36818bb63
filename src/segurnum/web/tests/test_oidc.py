"""Signing in through an OpenID Connect provider: who is let in, and every lie that is refused."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from segurnum.comptes.models import IdentiteExterne, Profil, Utilisateur
from segurnum.essais import usines
from segurnum.essais.courriels import recus
from segurnum.web.tests.fournisseur_oidc import CLIENT, SECRET, Fournisseur, Serveur
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.test_second_facteur import activer

pytestmark = pytest.mark.django_db

CONNEXION = "/segurnums/"
DEPART, RETOUR = "/segurnums/oidc", "/segurnums/oidc/retour"


@pytest.fixture
def provider(settings: Any) -> Iterator[Fournisseur]:
    with Serveur() as fournisseur:
        settings.OIDC_EMETTEUR = fournisseur.adresse
        settings.OIDC_CLIENT, settings.OIDC_SECRET = CLIENT, SECRET
        yield fournisseur


@pytest.fixture
def personne(provider: Fournisseur) -> Utilisateur:
    """Somebody whose account has the verified address that the provider gives."""
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    provider.identite |= {"email": personne.email.upper(), "email_verified": True}
    return personne


def partir(client: Client, suite: str = "") -> str:
    """The address at the provider to which the portal sends the browser."""
    return client.get(DEPART, {"next": suite} if suite else {})["Location"]


def aller_et_revenir(client: Client, provider: Fournisseur, **changements: str) -> Any:
    retour = provider.autoriser(partir(client)) | changements
    page = client.get(RETOUR, retour)
    assert page.status_code == 200, page
    return client.post(RETOUR, retour, follow=True)


def est_entre(client: Client) -> bool:
    return client.get(reverse("fournisseur:compte")).status_code == 200


def test_sans_reglage_il_n_y_a_ni_bouton_ni_adresse(settings: Any) -> None:
    assert "ProConnect" not in mots(Client().get(CONNEXION))
    assert Client().get(DEPART)["Location"] == CONNEXION
    assert Client().post(RETOUR)["Location"] == CONNEXION


def test_la_demande_porte_pkce_l_etat_et_le_nonce(provider: Fournisseur) -> None:
    depart = lien(Client().get(CONNEXION), "Se connecter avec ProConnect")
    assert depart == DEPART
    demande = parse_qs(urlsplit(partir(Client())).query)
    assert demande["response_type"] == ["code"]
    assert demande["code_challenge_method"] == ["S256"]
    assert demande["redirect_uri"][0].endswith(RETOUR)
    autre = parse_qs(urlsplit(partir(Client())).query)
    for secret in ("state", "nonce", "code_challenge"):
        assert len(demande[secret][0]) >= 20
        assert demande[secret] != autre[secret]


def test_une_adresse_verifiee_ouvre_le_compte_qui_l_a(provider: Fournisseur, personne: Utilisateur) -> None:
    client = Client()
    suite = reverse("fournisseur:demandes")
    retour = provider.autoriser(partir(client, suite))
    page = client.get(RETOUR, retour)
    assert "data-envoi-immediat" in page.content.decode()
    assert not est_entre(client)  # looking signs nobody in
    assert client.post(RETOUR, retour)["Location"] == suite
    assert personne.username in mots(client.get(reverse("fournisseur:compte")))


@pytest.mark.parametrize("signes", [False, True])
def test_l_adresse_peut_venir_des_renseignements_signes_ou_non(
    provider: Fournisseur, personne: Utilisateur, signes: bool
) -> None:
    provider.renseignements = provider.identite | {"email": personne.email}
    provider.renseignements_signes = signes
    provider.identite = {"sub": "personne-1"}
    client = Client()
    aller_et_revenir(client, provider)
    assert est_entre(client)


def test_le_second_facteur_du_compte_reste_demande(provider: Fournisseur, personne: Utilisateur) -> None:
    activer(personne)
    client = Client()
    page = aller_et_revenir(client, provider)
    assert page.redirect_chain[-1][0] == reverse("fournisseur:second_facteur")
    assert not est_entre(client)


@pytest.mark.parametrize(
    "identite",
    [{"email_verified": False}, {"email": "inconnu@ailleurs.example"}, {"email": ""}],
)
def test_sans_adresse_verifiee_d_un_compte_personne_n_entre_et_aucun_compte_n_est_cree(
    provider: Fournisseur, personne: Utilisateur, identite: dict[str, Any]
) -> None:
    provider.identite |= identite
    client = Client()
    assert "aucun compte du portail n'a votre adresse électronique" in mots(
        aller_et_revenir(client, provider)
    )
    assert not est_entre(client)
    assert Utilisateur.objects.count() == 1


def test_un_compte_lie_s_ouvre_par_son_identite_quelle_que_soit_l_adresse_qu_elle_a_ensuite(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    aller_et_revenir(Client(), provider)
    assert recus(personne) == ["M51"]
    autre = usines.utilisateur(Profil.FOURNISSEUR)
    provider.identite |= {"email": autre.email}
    client = Client()
    aller_et_revenir(client, provider)
    assert personne.username in mots(client.get(reverse("fournisseur:compte")))
    assert recus(personne) == ["M51", "M51"]  # bound once; then a browser that is not known
    provider.identite |= {"email": "", "email_verified": False}
    client = Client()
    aller_et_revenir(client, provider)
    assert est_entre(client)


def test_une_autre_identite_de_la_meme_adresse_n_ouvre_pas_un_compte_deja_lie(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    aller_et_revenir(Client(), provider)
    provider.identite |= {"sub": "personne-2"}
    client = Client()
    assert "il s'ouvre par une autre identité" in mots(aller_et_revenir(client, provider))
    assert not est_entre(client)


def test_un_compte_se_delie_et_se_lie_a_une_autre_identite(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    client = Client()
    aller_et_revenir(client, provider)
    assert "liée le" in mots(client.get(reverse("fournisseur:compte")))
    page = client.post(reverse("fournisseur:delier_identite"), follow=True)
    assert "n'est plus lié à votre identité ProConnect" in mots(page)
    provider.identite |= {"sub": "personne-2"}
    client = Client()
    aller_et_revenir(client, provider)
    assert est_entre(client)
    assert IdentiteExterne.objects.get().sujet == "personne-2"


@pytest.mark.parametrize("adresse", ["\u212aarl@societe.example", "kar\u0131@societe.example"])
def test_une_adresse_qui_en_imite_une_autre_n_ouvre_rien(
    provider: Fournisseur, personne: Utilisateur, adresse: str
) -> None:
    Utilisateur.objects.update(email=adresse.replace("\u212a", "k").replace("\u0131", "i"))
    provider.identite |= {"email": adresse}
    client = Client()
    aller_et_revenir(client, provider)
    assert not est_entre(client)


def test_apres_le_fournisseur_on_ne_dit_pas_qu_un_mot_de_passe_est_accepte(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    activer(personne)
    page = mots(aller_et_revenir(Client(), provider))
    assert "ProConnect vous a reconnu." in page
    assert "mot de passe est accepté" not in page


def test_qui_est_deja_connecte_doit_prouver_de_nouveau_qui_il_est(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    client = Client()
    assert "prompt" not in parse_qs(urlsplit(partir(client)).query)
    aller_et_revenir(client, provider)
    assert parse_qs(urlsplit(partir(client)).query)["prompt"] == ["login"]


def test_un_fournisseur_qui_garantit_ses_adresses_n_a_pas_a_le_dire_a_chacune(
    provider: Fournisseur, personne: Utilisateur, settings: Any
) -> None:
    del provider.identite["email_verified"]
    client = Client()
    aller_et_revenir(client, provider)
    assert not est_entre(client)
    settings.OIDC_COURRIEL_GARANTI = True
    aller_et_revenir(client, provider)
    assert est_entre(client)


def test_un_compte_ferme_reste_ferme(provider: Fournisseur, personne: Utilisateur) -> None:
    Utilisateur.objects.update(is_active=False)
    client = Client()
    aller_et_revenir(client, provider)
    assert not est_entre(client)


@pytest.mark.parametrize(
    "falsification",
    [
        {"nonce": "un-autre"},
        {"iss": "https://un-autre.example"},
        {"aud": "un-autre-site"},
        {"exp": int(time.time()) - 3600},
    ],
    ids=lambda valeur: next(iter(valeur)),
)
def test_un_jeton_qui_ment_est_refuse(
    provider: Fournisseur, personne: Utilisateur, falsification: dict[str, Any]
) -> None:
    provider.falsifications = falsification
    client = Client()
    assert "n'a pas abouti" in mots(aller_et_revenir(client, provider))
    assert not est_entre(client)


def test_un_jeton_signe_par_une_autre_cle_est_refuse(provider: Fournisseur, personne: Utilisateur) -> None:
    provider.cle = RSAKey.generate_key(2048)
    client = Client()
    assert "n'a pas abouti" in mots(aller_et_revenir(client, provider))
    assert not est_entre(client)


def test_les_renseignements_d_une_autre_personne_sont_refuses(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    provider.renseignements = provider.identite | {"sub": "personne-2"}
    provider.identite = {"sub": "personne-1"}
    client = Client()
    assert "n'a pas abouti" in mots(aller_et_revenir(client, provider))
    assert not est_entre(client)


def test_un_retour_que_ce_navigateur_n_a_pas_demande_est_refuse(
    provider: Fournisseur, personne: Utilisateur
) -> None:
    retour = provider.autoriser(partir(Client()))
    victime = Client()
    assert "n'a pas abouti" in mots(victime.post(RETOUR, retour, follow=True))
    assert not est_entre(victime)
    assert "n'a pas abouti" in mots(aller_et_revenir(Client(), provider, state="invente"))


def test_un_code_ne_sert_qu_une_fois(provider: Fournisseur, personne: Utilisateur) -> None:
    premier, second = Client(), Client()
    retour = provider.autoriser(partir(premier))
    premier.post(RETOUR, retour)
    vole = provider.autoriser(partir(second)) | {"code": retour["code"]}
    assert "n'a pas abouti" in mots(second.post(RETOUR, vole, follow=True))


def test_un_refus_ou_une_panne_du_fournisseur_ramene_a_la_connexion(
    provider: Fournisseur, settings: Any
) -> None:
    assert "n'a pas abouti" in mots(Client().get(RETOUR, {"error": "access_denied"}, follow=True))
    settings.OIDC_EMETTEUR = f"{provider.adresse}/absent"
    assert "n'a pas abouti" in mots(Client().get(DEPART, follow=True))
