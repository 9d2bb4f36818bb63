"""A part that is down: told for what it is, nothing typed is lost, and nothing is to be started again."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.pannes import Partie, annonce
from segurnum.seuil.televersement import oublier_les_restes
from segurnum.seuil.tests.test_garde import CONTACT, champs
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_contact import SAISIE

pytestmark = pytest.mark.django_db
IMPREVUE = "que nous n'avions pas prévue"
URLENCODE = "application/x-www-form-urlencoded"
PLUS_DE_FICHIERS = "Le portail ne peut plus recevoir de fichiers pour le moment"


@pytest.fixture(autouse=True)
def _sans_captcha(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False


@pytest.fixture(autouse=True)
def _rien_n_est_encore_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annonce, "_dites", {})


@contextmanager
def base_en_panne(message: str = "server closed the connection") -> Iterator[None]:
    def refuser(*ordre: Any) -> Any:
        raise OperationalError(message)

    with connection.execute_wrapper(refuser):
        yield


def visiteur(**options: Any) -> Client:
    return Client(raise_request_exception=False, **options)


def piece(octets: bytes = b"Bonjour.") -> SimpleUploadedFile:
    return SimpleUploadedFile("note.txt", octets, content_type="text/plain")


# --- The database


def test_une_page_demandee_pendant_une_panne_de_la_base_le_dit_et_se_redemande() -> None:
    client = visiteur()
    client.force_login(usines.utilisateur(Profil.GESTIONNAIRE))
    adresse = reverse("gestion:demandes") + "?statut=EN_COURS"
    with base_en_panne():
        page = client.get(adresse)
    assert page.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert titres(page, 1) == ["Le portail ne peut pas afficher cette page pour le moment"]
    assert IMPREVUE not in mots(page)
    assert f'href="{adresse}"' in page.content.decode()
    assert client.get(adresse).status_code == 200


def test_une_requete_trop_longue_n_est_pas_une_panne_pour_le_journal_qui_en_garde_la_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def arreter(*ordre: Any) -> Any:
        raise OperationalError from psycopg.errors.QueryCanceled("statement timeout")

    for _ in range(2):
        with connection.execute_wrapper(arreter):
            assert visiteur().post(CONTACT, SAISIE).status_code == 503
    traces = [ligne for ligne in caplog.records if ligne.exc_info]
    assert len(traces) == 1
    assert "requête trop longue de la vue" in traces[0].getMessage()
    assert "Panne" not in caplog.text


def test_ce_qui_est_envoye_pendant_une_panne_de_la_base_revient_pret_a_repartir() -> None:
    client = visiteur()
    saisi = SAISIE | {"description": "Où en est <mon> paiement ?\nMerci.", "mot_de_passe": "tres-secret"}
    saisi["confirmation_code"] = "tres-secret-secours"
    with base_en_panne():
        page = client.post(CONTACT, saisi | {"piece_jointe": piece()})
    assert page.status_code == 503
    assert titres(page, 1) == ["Le portail ne peut pas enregistrer ce que vous envoyez pour le moment"]
    assert "laissez-la ouverte, puis envoyez-la de nouveau" in mots(page)
    gardes = dict(champs(page))
    assert gardes["description"] == "Où en est &lt;mon&gt; paiement ?\nMerci."
    assert {nom: gardes[nom] for nom in SAISIE if nom != "description"} == {
        nom: valeur for nom, valeur in SAISIE.items() if nom != "description"
    }
    assert "tres-secret" not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert not Ticket.objects.exists()
    assert client.post(CONTACT, SAISIE).status_code == 302


def test_la_saisie_ne_revient_qu_a_qui_l_a_tapee_sur_le_portail() -> None:
    client = visiteur(enforce_csrf_checks=True)
    client.get(CONTACT)
    jeton = client.cookies["csrftoken"].value
    with base_en_panne():
        forgee = client.post(CONTACT, SAISIE)
        vraie = client.post(CONTACT, SAISIE | {"csrfmiddlewaretoken": jeton})
    assert (forgee.status_code, vraie.status_code) == (503, 503)
    assert "<textarea" not in forgee.content.decode()
    assert dict(champs(vraie))["nom"] == SAISIE["nom"]
    neuf = vraie.content.decode().split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]
    assert client.post(CONTACT, SAISIE | {"csrfmiddlewaretoken": neuf}).status_code == 302


def test_un_geste_qui_n_a_qu_un_bouton_repart_de_la_page_qui_dit_la_panne() -> None:
    client = visiteur(enforce_csrf_checks=True)
    client.get(CONTACT)
    jeton = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    client.force_login(usines.utilisateur(Profil.GESTIONNAIRE))
    adresse = reverse("fournisseur:deconnexion")
    with base_en_panne():
        page = client.post(adresse, urlencode(jeton), content_type=URLENCODE)
        avec_fichier = client.post(adresse, jeton | {"piece_jointe": piece()})
        forgee = client.post(adresse, "", content_type=URLENCODE)
    assert "Envoyer de nouveau" in mots(page)
    assert f'action="{adresse}"' in page.content.decode()
    for autre in (avec_fichier, forgee):
        assert "<form" not in autre.content.decode()
        assert "revenez à la page précédente" in mots(autre)
    neuf = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]
    assert client.post(adresse, {"csrfmiddlewaretoken": neuf}).status_code == 302


def test_une_panne_rencontree_par_la_session_se_dit_comme_les_autres() -> None:
    client = visiteur()
    client.cookies["sessionid"] = "a" * 32
    with base_en_panne():
        assert client.get("/segurnum/").status_code == 503
        assert titres(client.get("/segurnums/compte"), 1) == [
            "Le portail ne peut pas afficher cette page pour le moment"
        ]


def test_un_script_lit_la_panne_dans_sa_langue() -> None:
    client, adresse = visiteur(), reverse("public:faq")
    with base_en_panne():
        donnees = client.get(adresse, headers={"Accept": "application/json"})
        morceau = client.get(adresse, headers={"HX-Request": "true"})
    assert (donnees.status_code, donnees["X-Panne"], donnees.json()["panne"]) == (503, "base", "base")
    assert "pour le moment." in donnees.json()["phrase"]
    assert (morceau.status_code, morceau.content.decode().startswith("<p ")) == (503, True)


def test_le_journal_dit_la_panne_une_fois_et_ni_qui_ni_quoi(caplog: pytest.LogCaptureFixture) -> None:
    client = visiteur()
    with base_en_panne("personne@societe.example"), caplog.at_level(logging.WARNING):
        for _ in range(5):
            client.post(CONTACT, SAISIE)
    assert [ligne.name for ligne in caplog.records] == ["segurnum.pannes.annonce"]
    assert Partie.BASE.value in caplog.text
    assert "@" not in caplog.text
    assert CONTACT not in caplog.text


def test_le_journal_dit_quand_la_base_a_refuse_une_requete_trop_longue(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It answers: whoever reads the log is to look for that query, not for the server."""
    trop_longue = OperationalError("canceling statement due to statement timeout")
    trop_longue.__cause__ = psycopg.errors.QueryCanceled()
    annonce.annoncer(Partie.BASE, trop_longue)
    assert "(OperationalError : QueryCanceled)" in caplog.text


def test_ce_qui_n_est_pas_une_panne_reste_une_erreur(monkeypatch: pytest.MonkeyPatch) -> None:
    def casse(*args: Any, **options: Any) -> Any:
        raise KeyError("un défaut du portail")

    monkeypatch.setattr("segurnum.web.public.informations._connu", casse)
    page = visiteur().get(CONTACT)
    assert page.status_code == 500
    assert IMPREVUE in mots(page)


# --- The store and the folder of uploads


@pytest.fixture
def donnees(settings: Any, tmp_path: Path) -> Path:
    settings.DONNEES = tmp_path
    settings.STORAGES = {**settings.STORAGES}  # the store is made anew in that folder
    return tmp_path


def stockage_casse(donnees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (donnees / "fichiers").write_bytes(b"ce n'est pas un dossier")


def televersements_casses(donnees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (donnees / "televersements").write_bytes(b"ce n'est pas un dossier")


def disque_plein(donnees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which a file may be made and nothing written."""

    def sans_place(*args: Any, **options: Any) -> Any:
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", sans_place)


PANNES = [stockage_casse, televersements_casses, disque_plein]


@pytest.mark.parametrize("casser", PANNES)
@pytest.mark.parametrize("octets", [100, 300_000], ids=["petit", "gros"])
def test_un_formulaire_dont_le_fichier_ne_peut_etre_garde_revient_entier_avec_la_phrase_a_cote_du_champ(
    casser: Any, octets: int, donnees: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = donnees / "televersements"
    client = visiteur()
    with monkeypatch.context() as panne:
        casser(donnees, panne)
        page = client.post(CONTACT, SAISIE | {"piece_jointe": piece(b"x" * octets)})
    assert page.status_code == 503
    assert (page["X-Panne"], int(page["Retry-After"]) > 0) == ("fichiers", True)
    form = page.context["form"]
    assert PLUS_DE_FICHIERS in form.errors["piece_jointe"][0]
    assert list(form.errors) == ["piece_jointe"]
    assert {nom: form[nom].value() for nom in SAISIE} == SAISIE
    assert not Ticket.objects.exists()
    for cassee in (donnees / "fichiers", donnees / "televersements"):
        if cassee.is_file():
            cassee.unlink()
    assert client.post(CONTACT, SAISIE | {"piece_jointe": piece(b"x" * octets)}).status_code == 302


@pytest.mark.parametrize("casser", PANNES)
def test_un_depot_ne_perd_ni_ses_reglages_ni_sa_page(
    casser: Any, donnees: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fournisseur = Fournisseur()
    settings.FILE_UPLOAD_TEMP_DIR = donnees / "televersements"
    depot = fournisseur.deposant.importer(1)
    zip_conforme = fournisseur.deposant.zip_de(depot)
    if (donnees / "fichiers").exists():
        (donnees / "fichiers").rename(donnees / "ailleurs")
    with monkeypatch.context() as panne:
        casser(donnees, panne)
        page = fournisseur.simuler(fournisseur.avances())
        zip_refuse = fournisseur.faire(
            "pieces", depot.pk, archive=SimpleUploadedFile("pieces.zip", zip_conforme)
        )
    assert (page.status_code, zip_refuse.status_code) == (503, 503)
    assert PLUS_DE_FICHIERS in page.context["form"].errors["fichier"][0]
    assert page.context["form"]["taux_tva"].value() == "20"
    assert PLUS_DE_FICHIERS in zip_refuse.context["form"].errors["archive"][0]


def test_des_fichiers_refuses_par_une_panne_ne_font_pas_chacun_une_ligne_du_journal(
    donnees: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    PANNES[0](donnees, monkeypatch)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert visiteur().post(CONTACT, SAISIE | {"piece_jointe": piece()}).status_code == 503
    assert [ligne.name for ligne in caplog.records] == ["segurnum.pannes.annonce"]


def test_un_dossier_des_televersements_efface_est_refait(donnees: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = donnees / "televersements"
    assert visiteur().post(CONTACT, SAISIE | {"piece_jointe": piece()}).status_code == 302
    assert (donnees / "televersements").stat().st_mode & 0o777 == 0o700


def test_ce_que_laisse_un_processus_tue_pendant_un_envoi_est_efface_au_demarrage(
    donnees: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = donnees / "televersements"
    assert oublier_les_restes() == 0  # the folder may be away
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    reste, en_cours, autre = (
        settings.FILE_UPLOAD_TEMP_DIR / n for n in ("a.upload.zip", "b.upload", "c.txt")
    )
    for fichier in (reste, en_cours, autre):
        fichier.write_bytes(b"x")
    for fichier in (reste, autre):
        os.utime(fichier, (0, 0))
    assert oublier_les_restes() == 1
    assert (reste.exists(), en_cours.exists(), autre.exists()) == (False, True, True)


def test_un_document_qui_ne_peut_etre_relu_se_redemande(donnees: Path) -> None:
    fournisseur = Fournisseur()
    fournisseur.client.raise_request_exception = False
    depot = fournisseur.deposant.importer(1)
    (donnees / "fichiers").rename(donnees / "ailleurs")
    adresse = reverse("fournisseur:entree", args=[depot.pk])
    page = fournisseur.client.get(adresse)
    assert page.status_code == 503
    assert titres(page, 1) == ["Le portail ne peut pas relire ce fichier pour le moment"]
    (donnees / "ailleurs").rename(donnees / "fichiers")
    revenu = fournisseur.client.get(adresse)
    assert (revenu.status_code, b"".join(revenu)[:1]) == (200, b"{")
    revenu.close()
