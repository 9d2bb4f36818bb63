"""Mails: kept with what they are about, sent once, and retried when the mail server is down."""

import re
import socket
from pathlib import Path

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from syrupy.assertion import SnapshotAssertion

from segurnum.courriels import services, tasks, textes
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.models import Courriel
from segurnum.courriels.queries import courriels_de
from segurnum.courriels.tests.boite import Boite
from segurnum.courriels.tests.valeurs import CAS, VALEURS
from segurnum.courriels.textes import OBJETS, Texte, rediger

pytestmark = pytest.mark.django_db

_VARIABLE = re.compile(r"{{\s*(\w+)|{%\s*if\s+(\w+)")
_PARTOUT = {"portail", "agence", "recours"}


def _ecrire(sujet: str = "demande:1") -> Courriel:
    envoi = services.Envoi(
        code="M13",
        texte=Texte("Rejet de votre demande", "Motif : été.\n"),
        destinataire="a@b.example",
        sujet=sujet,
    )
    services.envoyer([envoi])
    return Courriel.objects.latest("pk")


@pytest.mark.exigence("RUL-024", "RUL-025", "RUL-027", "RUL-028")
@pytest.mark.exigence("ENR-062", "ENR-063", "ENR-064", "ENR-065", "ENR-066", "ENR-067", "ENR-082")
@pytest.mark.parametrize("cas", sorted(CAS))
def test_le_texte_de_chaque_courriel(cas: str, snapshot: SnapshotAssertion) -> None:
    code, valeurs = CAS[cas]
    texte = rediger(code, **valeurs)
    assert f"{texte.objet}\n\n{texte.corps}" == snapshot


def test_deux_courriels_ne_portent_pas_le_meme_objet() -> None:
    assert len(set(OBJETS.values())) == len(OBJETS)


@pytest.mark.parametrize("code", sorted(OBJETS))
def test_chaque_courriel_a_ses_valeurs_et_n_en_attend_pas_d_autre(code: str) -> None:
    """A value that a template lacks would be written as nothing at all."""
    assert code in VALEURS, f"{code} : donnez ses valeurs dans courriels/tests/valeurs.py"
    assert variables(code) <= set(VALEURS[code])


def variables(code: str) -> set[str]:
    """The values that the body of a mail reads, but for those of every mail."""
    modele = (Path(textes.__file__).parent / "templates" / "courriels" / f"{code}.txt").read_text("utf-8")
    return {variable for couple in _VARIABLE.findall(modele) for variable in couple if variable} - _PARTOUT


@pytest.mark.exigence("REQ-068", "XCT-015")
def test_un_courriel_est_garde_avec_ce_dont_il_parle_et_part_par_smtp(boite: Boite) -> None:
    courriel = _ecrire("demande:7")
    tasks.expedier(courriels=[courriel.pk])
    recu = boite.recus[0]
    assert (recu["Subject"], recu["To"]) == ("Rejet de votre demande", "a@b.example")
    assert "été" in recu.get_content()
    garde = courriels_de("demande:7").get()
    assert garde.envoye_le is not None
    assert not courriels_de("demande:8").exists()


def _ecrire_un_lien(code: str) -> Courriel:
    texte = rediger(code, **VALEURS[code])
    services.envoyer(
        [services.Envoi(code=code, texte=texte, destinataire="a@b.example", sujet="utilisateur:1")]
    )
    return Courriel.objects.latest("pk")


@pytest.mark.exigence("XCT-010")
@pytest.mark.parametrize("code", ["M06", "M08", "M15", "M19", "M24", "M50"])
def test_un_lien_personnel_part_et_ne_reste_pas_en_base(code: str, boite: Boite) -> None:
    courriel = _ecrire_un_lien(code)
    tasks.expedier(courriels=[courriel.pk])
    assert "invente" in boite.recus[0].get_content()
    courriel.refresh_from_db()
    assert "-invente" not in courriel.corps
    assert "(lien personnel)" in courriel.corps
    assert courriel.corps_montre == courriel.corps


@pytest.mark.parametrize("page", ["public:enrolement_reprise", "public:ouvrir_depot_pieces"])
def test_le_secret_d_une_adresse_ne_se_montre_pas(page: str) -> None:
    courriel = Courriel(corps=f"Ouvrez {adresse_de(page, 'secret-invente')} :")
    assert courriel.corps_montre.endswith("/(lien personnel) :")


def test_une_demonstration_garde_les_liens_qui_se_lisent_a_l_ecran(boite: Boite, settings: Settings) -> None:
    settings.DEMONSTRATION = True
    courriel = _ecrire_un_lien("M06")
    tasks.expedier(courriels=[courriel.pk])
    courriel.refresh_from_db()
    assert "jeton-invente" in courriel.corps


def test_un_courriel_qui_n_est_pas_parti_garde_son_lien_pour_le_prochain_essai(settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as ferme:
        settings.EMAIL_PORT = ferme.getsockname()[1]
    courriel = _ecrire_un_lien("M06")
    tasks.expedier(courriels=[courriel.pk])
    courriel.refresh_from_db()
    assert "jeton-invente" in courriel.corps


def test_un_courriel_ne_part_pas_deux_fois(boite: Boite) -> None:
    courriel = _ecrire()
    for _ in range(2):
        tasks.expedier(courriels=[courriel.pk])
    assert len(boite.recus) == 1


def test_un_changement_annule_n_ecrit_a_personne() -> None:
    def changer_puis_renoncer() -> None:
        with transaction.atomic():
            _ecrire()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        changer_puis_renoncer()
    assert not Courriel.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="courriels.expedier").exists()
