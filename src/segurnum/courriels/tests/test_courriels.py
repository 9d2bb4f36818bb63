"""Mails: kept with what they are about, sent once, and retried when the mail server is down."""

import email
import socket
from collections.abc import Iterator
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from syrupy.assertion import SnapshotAssertion

from segurnum.courriels import services, tasks
from segurnum.courriels.modeles import OBJETS, Texte, rediger
from segurnum.courriels.models import Courriel
from segurnum.courriels.queries import courriels_de

pytestmark = pytest.mark.django_db

VALEURS = {
    "numero": "FINMS1010719M0",
    "dossier": "FINMS1010719",
    "couloir": "Médico-social (DUI)",
    "depose_le": "02/01/2024",
    "siret": "99900001100018",
    "motif": "Le bon de commande n'est pas signé.\nMerci d'en fournir un signé & daté.",
    "cloture_le": "22 janvier 2024",
    "montant": "322,50 €",
    "titre": "de l'avance",
    "lettre": True,
}


class Boite(Message):
    """The messages that a local SMTP server received."""

    def __init__(self) -> None:
        super().__init__()
        self.recus: list[email.message.Message] = []

    def handle_message(self, message: email.message.Message) -> None:
        self.recus.append(email.message_from_bytes(message.as_bytes(), policy=policy.default))


@pytest.fixture
def boite(settings: Settings) -> Iterator[Boite]:
    recue = Boite()
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    serveur = Controller(recue, hostname="127.0.0.1", port=port)
    serveur.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield recue
    serveur.stop()


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
@pytest.mark.parametrize("code", sorted(OBJETS))
def test_le_texte_de_chaque_courriel(code: str, snapshot: SnapshotAssertion) -> None:
    texte = rediger(code, **VALEURS)
    assert f"{texte.objet}\n\n{texte.corps}" == snapshot


@pytest.mark.exigence("REQ-068", "XCT-015")
def test_un_courriel_est_garde_avec_ce_dont_il_parle_et_part_par_smtp(boite: Boite) -> None:
    courriel = _ecrire("demande:7")
    tasks.expedier(courriels=[courriel.pk])
    recu = boite.recus[0]
    assert (recu["Subject"], recu["To"]) == ("Rejet de votre demande", "a@b.example")
    assert "été" in recu.get_content()  # type: ignore[attr-defined]
    garde = courriels_de("demande:7").get()
    assert garde.envoye_le is not None
    assert not courriels_de("demande:8").exists()


def test_un_courriel_ne_part_pas_deux_fois(boite: Boite) -> None:
    courriel = _ecrire()
    for _ in range(2):
        tasks.expedier(courriels=[courriel.pk])
    assert len(boite.recus) == 1


def test_un_serveur_en_panne_fait_revenir_la_tache_et_ne_perd_rien(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ferme:
        settings.EMAIL_PORT = ferme.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    courriel = _ecrire()
    with pytest.raises(OSError, match="refused"):
        tasks.expedier(courriels=[courriel.pk])
    courriel.refresh_from_db()
    assert (courriel.envoye_le, courriel.tentatives, courriel.derniere_erreur) == (
        None,
        1,
        "ConnectionRefusedError",
    )
    assert tasks.expedier.retry_strategy is not None


def test_un_changement_annule_n_ecrit_a_personne() -> None:
    def changer_puis_renoncer() -> None:
        with transaction.atomic():
            _ecrire()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        changer_puis_renoncer()
    assert not Courriel.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="courriels.expedier").exists()
