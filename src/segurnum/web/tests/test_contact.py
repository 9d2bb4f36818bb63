"""The contact form: its fields, its attachment, what protects it from robots."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import CONTACT
from segurnum.courriels.models import Courriel
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import lire
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots, titres

pytestmark = pytest.mark.django_db

SAISIE = {
    "couloir": "MSS",
    "phase": "SOLDE",
    "type": "PAIEMENT",
    "nom": "Camille Essai",
    "raison_sociale": "Logiciels inventés",
    "courriel": "camille@societe.example",
    "telephone": "01 23 45 67 89",
    "numero_referencement": "MDVLGC0001",
    "numero_demande": "Sans objet",
    "description": "Où en est mon paiement ?",
}


@pytest.fixture
def sans_captcha(settings: Settings) -> None:
    settings.CAPTCHA_ACTIF = False


def envoyer(client: Client | None = None, fichier: SimpleUploadedFile | None = None, **champs: Any):
    return (client or Client()).post(
        reverse("public:assistance"), SAISIE | champs | ({"piece_jointe": fichier} if fichier else {})
    )


def texte_joint(taille: int, nom: str = "journal.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, b"x" * taille, "text/plain")


def valeur(reponse, nom: str) -> str:
    trouve = re.search(rf'<input[^>]*name="{nom}"[^>]*value="([^"]*)"', reponse.content.decode())
    return trouve[1] if trouve else ""


@pytest.mark.exigence("PUB-019", "PUB-020", "PUB-021", "PUB-022", "PUB-023", "PUB-024", "PUB-025", "PUB-026")
@pytest.mark.exigence("PUB-027", "PUB-028", "PUB-029", "PUB-030", "PUB-032", "XCT-011")
def test_le_formulaire_a_les_champs_et_les_aides_du_guide() -> None:
    assert reverse("public:assistance") == "/segurnum/contacter-assistance"
    reponse = Client().get(reverse("public:assistance"))
    texte, page = mots(reponse), reponse.content.decode()
    assert titres(reponse, 1) == ["Contact"]
    for attendu in (
        "La saisie des champs avec * est obligatoire Couloir * Choisir une option",
        "Phase * Choisir une option",
        "Type de demande * Choisir une option",
        "Nom * Raison sociale Courriel *",
        "Téléphone *",
        "Numéro de référencement Numéro de demande associée * Si vous n'avez pas de numéro de demande d'enrôlement, "
        'd\'avance ou de solde indiquez "Sans objet".',
        "Description * Pièce jointe Veuillez importer votre fichier. Taille maximum : 2 Mo. Formats acceptés: "
        ".json, .pdf, .png, .txt, .zip",
        "Retour Envoyer",
    ):
        assert attendu in texte
    for champ in re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', page.split("<main")[1]):
        assert f'for="{champ}"' in page or "hidden" in page.split(f'id="{champ}"')[0].rpartition("<")[2], (
            champ
        )


@pytest.mark.exigence("PUB-034")
def test_la_liste_des_couloirs_couvre_ceux_de_la_faq() -> None:
    texte = mots(Client().get(reverse("public:assistance")))
    assert (
        "Biologie Hôpital Imagerie Médecine de ville Médico-social MSSanté Opérateur Pharmacie Radiologie SAS"
        in texte
    )


@pytest.mark.exigence("PUB-028", "PUB-030", "PUB-033")
@pytest.mark.usefixtures("sans_captcha")
def test_un_message_envoye_devient_un_ticket_avec_sa_piece_et_un_accuse() -> None:
    client = Client()
    reponse = envoyer(client, texte_joint(CONTACT.taille_max), numero_demande="sans objet")
    assert reponse.status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.numero_demande, ticket.telephone, ticket.couloir) == ("Sans objet", "+33123456789", "MSS")
    assert ticket.fichier is not None
    assert (ticket.nom_fichier, len(lire(ticket.fichier))) == ("journal.txt", CONTACT.taille_max)
    assert Courriel.objects.get().destinataire == "camille@societe.example"
    agent = Agent(Profil.GESTIONNAIRE)
    assert "Téléphone 01 23 45 67 89" in mots(agent.lire("ticket", ticket.pk))
    assert f"enregistré sous le numéro {ticket.numero}" in mots(client.get(reponse["Location"]))


@pytest.mark.exigence("PUB-019", "PUB-033")
@pytest.mark.usefixtures("sans_captcha")
def test_une_personne_connectee_retrouve_ses_coordonnees_et_le_ticket_la_nomme() -> None:
    client, personne = Client(), usines.utilisateur(Profil.FOURNISSEUR)
    client.force_login(personne)
    assert valeur(client.get(reverse("public:assistance")), "courriel") == personne.email
    envoyer(client)
    assert Ticket.objects.get().auteur == personne


@pytest.mark.exigence("PUB-020", "PUB-023", "PUB-025", "PUB-026", "PUB-028", "PUB-029", "XCT-008")
@pytest.mark.usefixtures("sans_captcha")
@pytest.mark.parametrize(
    ("champ", "saisi", "phrase"),
    [
        ("couloir", "", "Choisissez une option dans la liste « Couloir »."),
        ("phase", "", "Choisissez une option dans la liste « Phase »."),
        ("type", "", "Choisissez une option dans la liste « Type de demande »."),
        ("nom", " ", "Indiquez votre nom."),
        ("courriel", "", "Indiquez votre adresse électronique"),
        ("courriel", "camille@", "la forme nom@domaine.fr est attendue"),
        ("telephone", "12", "n'est pas un numéro de téléphone"),
        ("numero_demande", "", "« Sans objet »"),
        ("description", "", "Décrivez votre demande."),
        ("description", "x" * 5_001, "5000 au plus sont acceptés"),
    ],
)
def test_un_champ_faux_a_sa_phrase_et_rien_n_est_perdu(champ: str, saisi: Any, phrase: str) -> None:
    reponse = envoyer(**{champ: saisi})
    assert reponse.status_code == 422
    assert phrase in mots(reponse)
    page = reponse.content.decode()
    assert f'href="#id_{champ}"' in page
    assert 'aria-invalid="true"' in page
    for autre in {"nom", "raison_sociale", "numero_referencement"} - {champ}:
        assert valeur(reponse, autre) == SAISIE[autre]
    assert not Ticket.objects.exists()
    assert not Courriel.objects.exists()


@pytest.mark.exigence("PUB-030", "XCT-004")
@pytest.mark.usefixtures("sans_captcha")
@pytest.mark.parametrize(
    ("fichier", "phrase"),
    [
        (texte_joint(CONTACT.taille_max + 1), "Le fichier dépasse 2 Mo (2 097 152 octets)"),
        (texte_joint(10, "photo.jpg"), "les formats acceptés sont .json, .pdf, .png, .txt ou .zip"),
        (texte_joint(10, "faux.pdf"), "faux.pdf"),
        (texte_joint(0), "est vide"),
    ],
)
def test_un_fichier_hors_de_la_regle_est_refuse_avec_le_message(fichier, phrase: str) -> None:
    fichier.seek(0)
    reponse = envoyer(fichier=fichier)
    assert reponse.status_code in (413, 422)
    assert phrase in mots(reponse)
    assert valeur(reponse, "nom") == SAISIE["nom"]
    assert not Ticket.objects.exists()
    assert not Fichier.objects.exists()


@pytest.mark.exigence("PUB-030")
@pytest.mark.usefixtures("sans_captcha")
def test_un_fichier_bien_trop_gros_est_refuse_sans_etre_lu_et_le_message_reste() -> None:
    reponse = envoyer(fichier=texte_joint(2 * CONTACT.taille_max))
    assert reponse.status_code == 413
    assert "Le fichier dépasse 2 Mo" in mots(reponse)
    assert valeur(reponse, "nom") == SAISIE["nom"]


@pytest.mark.exigence("PUB-033", "XCT-008")
@pytest.mark.usefixtures("sans_captcha")
def test_la_piece_jointe_n_est_pas_a_choisir_de_nouveau_apres_une_erreur() -> None:
    client = Client()
    refusee = envoyer(client, texte_joint(20), nom="")
    assert "Fichier déjà reçu : journal.txt" in mots(refusee)
    marque = valeur(refusee, "piece_jointe_garde")
    assert envoyer(client, piece_jointe_garde=marque).status_code == 302
    assert Ticket.objects.get().nom_fichier == "journal.txt"


@pytest.mark.exigence("XCT-004", "XCT-008")
@pytest.mark.usefixtures("sans_captcha", "tout_est_infecte")
def test_une_piece_infectee_est_refusee_et_le_message_reste() -> None:
    reponse = envoyer(fichier=texte_joint(20))
    assert reponse.status_code == 422
    assert "a trouvé une menace dans le fichier « journal.txt »" in mots(reponse)
    assert "Fichier déjà reçu" not in mots(reponse)
    assert valeur(reponse, "nom") == SAISIE["nom"]
    assert not Ticket.objects.exists()


@pytest.mark.exigence("XCT-008")
@pytest.mark.usefixtures("sans_captcha")
def test_un_fichier_trop_gros_n_emporte_pas_celui_deja_joint() -> None:
    marque = valeur(envoyer(fichier=texte_joint(20), nom=""), "piece_jointe_garde")
    reponse = envoyer(fichier=texte_joint(2 * CONTACT.taille_max), piece_jointe_garde=marque)
    assert reponse.status_code == 413
    assert "Fichier déjà reçu : journal.txt" in mots(reponse)


@pytest.mark.usefixtures("sans_captcha")
def test_la_piece_jointe_garde_peut_etre_retiree_et_sa_marque_ne_s_invente_pas() -> None:
    marque = valeur(envoyer(fichier=texte_joint(20), nom=""), "piece_jointe_garde")
    envoyer(piece_jointe_garde=marque, piece_jointe_sans="on")
    envoyer(piece_jointe_garde=marque[:-2] + "xx")
    assert [ticket.fichier for ticket in Ticket.objects.all()] == [None, None]


@pytest.mark.exigence("PUB-031", "XCT-001")
@pytest.mark.parametrize("reponse_au_defi", ["", "mac32"])
def test_sans_verification_reussie_rien_n_est_envoye_ni_garde(reponse_au_defi: str) -> None:
    reponse = envoyer(captcha=reponse_au_defi, fichier=texte_joint(20))
    assert reponse.status_code == 422
    assert 'href="#id_captcha"' in reponse.content.decode()
    assert valeur(reponse, "nom") == SAISIE["nom"]
    assert not Ticket.objects.exists()
    assert not Fichier.objects.exists()


@pytest.mark.exigence("PUB-031", "XCT-001")
def test_sans_script_le_temps_passe_sur_la_page_suffit(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    page = client.get(reverse("public:assistance"))
    assert "Attendez au moins cinq secondes" in mots(page)
    marque = valeur(page, "captcha_page")
    assert envoyer(client, captcha_page=marque).status_code == 422
    monkeypatch.setattr("segurnum.antirobot.services.maintenant", lambda: maintenant() + timedelta(seconds=6))
    assert envoyer(client, captcha_page=marque).status_code == 302


@pytest.mark.exigence("XCT-001")
def test_le_defi_est_neuf_a_chaque_fois_et_n_est_pas_mis_en_cache() -> None:
    un, deux = (Client().get(reverse("public:defi")) for _ in range(2))
    assert un.json()["parameters"]["nonce"] != deux.json()["parameters"]["nonce"]
    assert "no-store" in un["Cache-Control"]
