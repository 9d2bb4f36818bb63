"""Whose network a request comes from: what a proxy says is heard, what anybody may type is not."""

from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from segurnum.limites.adresses import adresse_client, empreinte_reseau, reseau
from segurnum.limites.reglages import lire_mandataires
from segurnum.limites.verifications import mandataires


def adresse(pair: str, suite: str | None = None) -> str:
    entetes: dict[str, Any] = {"REMOTE_ADDR": pair} | (
        {} if suite is None else {"HTTP_X_FORWARDED_FOR": suite}
    )
    return adresse_client(RequestFactory().get("/", **entetes))


@pytest.fixture
def derriere(settings: Settings) -> Settings:
    settings.MANDATAIRES = lire_mandataires(["10.0.0.0/24", "2001:db8:ffff::/48"])
    return settings


@pytest.mark.parametrize("suite", ["198.51.100.7", "::1", "10.0.0.1", "n'importe quoi", "", ","])
def test_un_inconnu_qui_s_invente_une_adresse_garde_la_sienne(derriere: Settings, suite: str) -> None:
    assert adresse("203.0.113.9", suite) == "203.0.113.9"


def test_sans_mandataire_declare_personne_n_est_cru(settings: Settings) -> None:
    for declares in (None, ()):
        settings.MANDATAIRES = declares
        assert adresse("10.0.0.1", "198.51.100.7") == "10.0.0.1"


@pytest.mark.parametrize(
    ("suite", "attendue"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("198.51.100.7, inconnu", "10.0.0.1"),
        ("198.51.100.7, inconnu, 10.0.0.2", "10.0.0.2"),
        ("", "10.0.0.1"),
        (",,,", "10.0.0.1"),
        ("\x00\ud800 [[[:::", "10.0.0.1"),
        ("9" * 5_000, "10.0.0.1"),
    ],
)
def test_derriere_un_mandataire_on_prend_la_derniere_adresse_qui_n_est_pas_des_notres(
    derriere: Settings, suite: str, attendue: str
) -> None:
    assert adresse("10.0.0.1", suite) == attendue


def test_un_mandataire_joint_par_une_prise_unix_n_a_pas_d_adresse(derriere: Settings) -> None:
    assert adresse("", "198.51.100.7") == "198.51.100.7"
    assert adresse("") == ""


@pytest.mark.parametrize(
    ("adresse", "attendu"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("n'importe quoi", ""),
    ],
)
def test_un_abonne_a_une_adresse_ipv4_ou_un_reseau_ipv6_de_64_bits(adresse: str, attendu: str) -> None:
    assert reseau(adresse) == attendu


def test_la_base_ne_garde_que_l_empreinte_d_un_reseau() -> None:
    empreinte = empreinte_reseau("2001:db8:1:2::1")
    assert empreinte == empreinte_reseau("2001:db8:1:2:ffff::9") != empreinte_reseau("2001:db8:1:3::1")
    assert "2001" not in empreinte


@pytest.mark.parametrize(
    ("texte", "lus"), [([], None), (["aucun"], ()), (["10.0.0.1"], 1), (["::1", "10.0.0.0/8"], 2)]
)
def test_le_reglage_des_mandataires(texte: list[str], lus: object) -> None:
    lue = lire_mandataires(texte)
    assert (len(lue) if isinstance(lus, int) and lue else lue) == lus


def test_un_reglage_illisible_arrete_le_demarrage() -> None:
    with pytest.raises(ValueError, match="n'importe"):
        lire_mandataires(["n'importe"])


@pytest.mark.parametrize(
    ("https", "declares", "dit"), [(True, None, True), (True, (), False), (False, None, False)]
)
def test_le_demarrage_dit_qu_un_mandataire_n_est_pas_connu(
    settings: Settings, https: bool, declares: object, dit: bool
) -> None:
    settings.SESSION_COOKIE_SECURE, settings.MANDATAIRES = https, declares
    assert [avertissement.id for avertissement in mandataires()] == (["limites.W001"] if dit else [])
