"""Mails while the mail server, the worker or the database stops: each one leaves, under one Message-ID."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from processus.file import executer, file_vide, sans_attendre, une_minute_passe  # noqa: F401 (a fixture)
from segurnum.courriels import services
from segurnum.courriels.models import Courriel, EtatServeur
from segurnum.courriels.phrases import situation
from segurnum.courriels.queries import etat_du_serveur
from segurnum.courriels.tests.boite import Boite
from segurnum.courriels.textes import Texte
from segurnum.essais.programmes import Ouvrier
from segurnum.lanceur.reseau import LOCAL

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("file_vide")]
TOUS = {f"a{rang}@societe.example" for rang in range(5)}


@pytest.fixture
def boite() -> Iterator[Boite]:
    recue = Boite()
    yield recue
    recue.fermer()


def _ecrire() -> None:
    services.envoyer(
        [
            services.Envoi(code="M13", texte=Texte("Rejet", "Motif."), destinataire=adresse, sujet="")
            for adresse in sorted(TOUS)
        ]
    )


def _ouvrier(boite: Boite, dossier: Path) -> Ouvrier:
    return Ouvrier(dossier, "courriels", EMAIL_URL=f"smtp://{LOCAL}:{boite.port}")


def _une_heure_passe() -> None:
    """Every instant that something waits for is an hour nearer; nobody waits."""
    une_minute_passe()
    executer("UPDATE courriels_courriel SET a_remettre_le = a_remettre_le - interval '1 hour'")
    executer("UPDATE courriels_etatserveur SET libre_le = libre_le - interval '1 hour'")
    sans_attendre()


def _tous_partis() -> bool:
    return not Courriel.objects.filter(envoye_le=None).exists()


def test_un_serveur_de_courriel_muet_une_heure_ne_perd_aucun_courriel(boite: Boite, tmp_path: Path):
    _ecrire()
    with _ouvrier(boite, tmp_path) as ouvrier:
        ouvrier.attendre(lambda: EtatServeur.objects.exclude(panne_depuis=None).exists())
        phrase = situation(Courriel.objects.order_by("pk")[0], etat_du_serveur())
        assert phrase.endswith("(le serveur de courriel ne répond pas)")
    # Of what was queued nothing is left: the rows alone say what is to be done.
    executer("DELETE FROM procrastinate_jobs WHERE task_name = 'courriels.expedier'")
    boite.ouvrir()
    _une_heure_passe()
    with _ouvrier(boite, tmp_path) as ouvrier:
        ouvrier.attendre(_tous_partis)
    assert sorted(str(recu["To"]) for recu in boite.recus) == sorted(TOUS)


def test_un_ouvrier_tue_pendant_la_remise_laisse_partir_le_courriel_sous_le_meme_identifiant(
    boite: Boite, tmp_path: Path
):
    boite.muette = True
    boite.ouvrir()
    _ecrire()
    with _ouvrier(boite, tmp_path) as premier:
        premier.attendre(lambda: bool(boite.recus))
        premier.tuer()
    boite.muette = False
    pris = set(boite.par_message)
    assert not Courriel.objects.exclude(envoye_le=None).exists()
    _une_heure_passe()
    with _ouvrier(boite, tmp_path) as second:
        second.attendre(_tous_partis)
    assert {str(recu["To"]) for recu in boite.recus} == TOUS
    assert {repere for repere, fois in boite.par_message.items() if fois == 2} == pris
    assert len(boite.par_message) == len(TOUS)


def test_une_base_coupee_pendant_la_remise_laisse_partir_le_courriel(boite: Boite, tmp_path: Path):
    boite.muette = True
    boite.ouvrir()
    _ecrire()
    with _ouvrier(boite, tmp_path) as premier:
        premier.attendre(lambda: bool(boite.recus))
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        boite.muette = False
    assert Courriel.objects.filter(envoye_le=None).exists()
    _une_heure_passe()
    with _ouvrier(boite, tmp_path) as second:
        second.attendre(_tous_partis)
    assert {str(recu["To"]) for recu in boite.recus} == TOUS
    assert len(boite.par_message) == len(TOUS)
