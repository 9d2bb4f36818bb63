"""What no browser sends is told in a sentence: signs that nothing can hold, numbers that nothing counts."""

import logging

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from segurnum.comptes import services
from segurnum.comptes.models import Profil
from segurnum.comptes.sessions import SessionStore
from segurnum.essais import usines
from segurnum.seuil.entrees import ENTIER_MAX, EntreesSaines, entier
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("12", 12),
        (" 7 ", 7),
        (str(ENTIER_MAX), ENTIER_MAX),
        (str(ENTIER_MAX + 1), None),
        ("9" * 5_000, None),
        ("-1", None),
        ("1.0", None),
        ("\u0663", None),
        ("\u00b2", None),
        ("", None),
        (None, None),
    ],
)
def test_un_nombre_envoye_est_un_nombre_que_la_base_peut_porter(texte: str | None, lu: int | None) -> None:
    assert entier(texte) == lu


def test_une_recherche_se_fait_sans_ses_signes_illisibles() -> None:
    vus: list[str] = []

    def vue(requete: HttpRequest) -> HttpResponse:
        vus.append(requete.GET["q"])
        return HttpResponse()

    EntreesSaines(vue)(RequestFactory().get("/", {"q": "a\x00b"}))
    EntreesSaines(vue)(RequestFactory().get("/", {"q": "ab"}))
    assert vus == ["ab", "ab"]


def test_une_adresse_qui_ne_peut_exister_est_une_page_introuvable() -> None:
    assert Client().get("/segurnum/documents-utiles/%00").status_code == 404


@pytest.mark.parametrize("codage", ["utf-16", "klingon", "rot13", "utf-7"])
def test_un_formulaire_dans_un_autre_codage_est_refuse_en_mots(codage: str) -> None:
    genre = f"application/x-www-form-urlencoded; charset={codage}"
    reponse = Client().generic("POST", reverse("fournisseur:connexion"), b"username=a", genre)
    assert reponse.status_code == 400
    assert "doit être envoyé en UTF-8" in mots(reponse)


def test_ce_que_la_base_refuse_est_la_faute_de_l_envoi_et_se_dit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whichever view reads a value by itself."""

    def ecrire(**_: object) -> None:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("SELECT '99999999999999999999'::bigint")

    monkeypatch.setattr(services, "choisir_entreprise", ecrire)
    client = Client()
    client.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    with caplog.at_level(logging.WARNING):
        reponse = client.post(reverse("fournisseur:choisir_entreprise"), {"habilitation": "1"})
    assert reponse.status_code == 400
    assert "un signe invisible ou un nombre démesuré" in mots(reponse)
    assert "fournisseur:choisir_entreprise" in caplog.text


def test_une_autre_panne_reste_une_panne() -> None:
    assert (
        EntreesSaines(lambda _: HttpResponse()).process_exception(HttpRequest(), ValueError("autre")) is None
    )
    assert EntreesSaines(lambda _: HttpResponse()).process_exception(HttpRequest(), RuntimeError()) is None


@pytest.mark.parametrize("cle", ["abc\x00defghij", "x" * 300, "'; DROP TABLE --", "\u00e9" * 32])
def test_une_cle_de_session_inventee_est_celle_de_personne(cle: str) -> None:
    client = Client()
    client.cookies["sessionid"] = cle
    assert client.get(reverse("fournisseur:accueil")).status_code == 302
    assert SessionStore(cle).session_key is None
