"""What the portal says to browsers, to supervisors and to those who look for weaknesses."""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as reglages
from django.test import Client

from segurnum.comptes import demonstration
from segurnum.comptes.models import Profil
from segurnum.config import settings as module
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def relire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The settings as another environment makes them. Those of the tests come back after."""

    def lire(**variables: str) -> Any:
        for nom in ("SEGURNUM_HTTPS", "SEGURNUM_DEMO"):
            monkeypatch.delenv(nom, raising=False)
        for nom, valeur in variables.items():
            monkeypatch.setenv(nom, valeur)
        return importlib.reload(module)

    yield lire
    monkeypatch.undo()
    importlib.reload(module)


def test_hors_demonstration_tout_est_en_tls(relire: Any) -> None:
    lus = relire()
    assert lus.SECURE_SSL_REDIRECT is True
    assert lus.SECURE_HSTS_SECONDS == 31_536_000
    assert (lus.SESSION_COOKIE_NAME, lus.CSRF_COOKIE_NAME) == ("__Host-session", "__Host-csrf")
    assert lus.SESSION_COOKIE_SECURE is lus.CSRF_COOKIE_SECURE is True
    assert (lus.SECURE_HSTS_INCLUDE_SUBDOMAINS, lus.SECURE_HSTS_PRELOAD) == (False, False)
    lus = relire(SEGURNUM_HSTS_SOUS_DOMAINES="1", SEGURNUM_HSTS_PRECHARGE="1")
    assert (lus.SECURE_HSTS_INCLUDE_SUBDOMAINS, lus.SECURE_HSTS_PRELOAD) == (True, True)


@pytest.mark.parametrize(
    "variables", [{"SEGURNUM_DEMO": "1"}, {"SEGURNUM_HTTPS": "0"}], ids=["demo", "choix"]
)
def test_une_demonstration_se_lit_sans_tls(relire: Any, variables: dict[str, str]) -> None:
    lus = relire(**variables)
    assert (lus.SECURE_SSL_REDIRECT, lus.SECURE_HSTS_SECONDS) == (False, 0)
    assert (lus.SESSION_COOKIE_NAME, lus.SESSION_COOKIE_SECURE) == ("sessionid", False)


def test_l_adresse_de_la_base_garde_ce_qu_elle_dit_de_tls(relire: Any) -> None:
    lus = relire(DATABASE_URL="postgres://a:b@c/d?sslmode=verify-full")
    options = lus.DATABASES["default"]["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["pool"]["max_size"] > 0


def test_sans_tls_tout_est_renvoye_sauf_la_sonde(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    reponse = Client().get("/segurnum/")
    assert (reponse.status_code, reponse["Location"]) == (301, "https://testserver/segurnum/")
    assert Client().get("/sante").status_code != 301


def test_chaque_page_renonce_a_ce_dont_elle_n_a_pas_besoin() -> None:
    reponse = Client().get("/segurnum/")
    assert "camera=()" in reponse["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in reponse["Permissions-Policy"]
    assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reponse["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reponse["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("contacts", [[], ["mailto:securite@exemple.fr", "https://exemple.fr/securite"]])
def test_security_txt_dit_a_qui_s_adresser_et_jusqu_a_quand(contacts: list[str], settings: Any) -> None:
    settings.CONTACT_SECURITE = contacts
    reponse = Client().get("/.well-known/security.txt")
    assert reponse["Content-Type"] == "text/plain; charset=utf-8"
    lignes = [ligne.partition(": ")[::2] for ligne in reponse.content.decode().splitlines()]
    attendus = contacts or [f"{settings.ADRESSE_PORTAIL}/segurnum/contacter-assistance"]
    assert [valeur for nom, valeur in lignes if nom == "Contact"] == attendus
    champs = dict(lignes)
    fin = datetime.strptime(champs["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=1) < fin - maintenant() < timedelta(days=365)
    assert champs["Preferred-Languages"] == "fr, en"
    assert champs["Canonical"].endswith("/.well-known/security.txt")


def test_les_programmes_trouvent_la_page_du_mot_de_passe_et_ce_qui_ne_s_indexe_pas(settings: Any) -> None:
    assert Client().get("/.well-known/change-password")["Location"] == "/segurnums/compte/mot-de-passe"
    assert "Disallow: /segurnums/" in Client().get("/robots.txt").content.decode()
    settings.DEMONSTRATION = True
    assert "Disallow: /\n" in Client().get("/robots.txt").content.decode()


@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.ADMINISTRATION])
def test_le_mot_de_passe_publie_n_ouvre_rien_hors_d_une_demonstration(profil: Profil, settings: Any) -> None:
    personne = usines.utilisateur(profil)
    personne.set_password(demonstration.MOT_DE_PASSE)
    personne.save()
    saisie = {"username": personne.username, "password": demonstration.MOT_DE_PASSE}
    for permis in (False, True):
        settings.DEMONSTRATION = permis
        client = Client()
        assert client.post("/segurnums/", saisie).status_code == (302 if permis else 200)
        assert (reglages.SESSION_COOKIE_NAME in client.cookies) is permis
