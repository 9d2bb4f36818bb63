"""Help without an account: questions, contact form, documents, calendar, legal pages."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import CONTACT
from segurnum.couloirs import par_fichier
from segurnum.courriels.models import Courriel
from segurnum.editorial.models import DocumentUtile, QuestionFaq, Ticket
from segurnum.editorial.queries import faq
from segurnum.essais import usines
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import lire
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.lecture import lien, mots, titres

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


# --- Questions


@pytest.mark.exigence("PUB-015", "PUB-016", "PUB-018")
def test_le_sommaire_mene_a_chaque_rubrique_dans_l_ordre() -> None:
    assert reverse("public:faq") == "/segurnum/foires-aux-questions"
    reponse = Client().get(reverse("public:faq"))
    assert titres(reponse, 1) == ["Questions fréquentes"]
    assert titres(reponse, 2) == ["Sommaire", *(rubrique.titre for rubrique in faq())]
    page = reponse.content.decode()
    for rubrique in faq():
        assert lien(reponse, rubrique.titre) == f"#rubrique-{rubrique.cle}"
        assert f'id="rubrique-{rubrique.cle}"' in page


@pytest.mark.exigence("PUB-017")
def test_chaque_rubrique_est_un_accordeon_ferme_qui_porte_ses_questions() -> None:
    reponse = Client().get(reverse("public:faq"))
    assert reponse.content.decode().count('class="fr-accordion__btn" aria-expanded="false"') == 20
    for question in QuestionFaq.objects.all():
        assert question.question in mots(reponse)


@pytest.mark.exigence("PUB-017", "XCT-011")
def test_la_recherche_se_fait_sans_script_et_ouvre_ce_qu_elle_trouve() -> None:
    reponse = Client().get(reverse("public:faq"), {"recherche": "ROBOT"})
    assert "1 question pour « ROBOT »" in mots(reponse)
    assert titres(reponse, 2) == ["Sommaire", "Assistance Utilisateur"]
    assert 'aria-expanded="true"' in reponse.content.decode()
    vide = Client().get(reverse("public:faq"), {"recherche": "<b>introuvable\x00"})
    assert "Aucune question ne contient « &lt;b&gt;introuvable »" in vide.content.decode()


def test_une_reponse_n_est_jamais_du_html() -> None:
    QuestionFaq.objects.update(reponse="<script>alert(1)</script> [ici](javascript:alert(1)) **gras**")
    page = Client().get(reverse("public:faq")).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<strong>gras</strong>" in page


# --- Contact


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
        "Médecine de ville Hôpital Radiologie Pharmacie Biologie Médico-social MSSanté Opérateur SAS" in texte
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
        ("courriel", "camille@", "écrivez-la comme nom@domaine.fr"),
        ("telephone", "12", "écrivez un numéro français"),
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
    assert "Fichier déjà joint : journal.txt" in mots(refusee)
    marque = valeur(refusee, "piece_gardee")
    assert envoyer(client, piece_gardee=marque).status_code == 302
    assert Ticket.objects.get().nom_fichier == "journal.txt"


@pytest.mark.usefixtures("sans_captcha")
def test_la_piece_gardee_peut_etre_retiree_et_sa_marque_ne_s_invente_pas() -> None:
    marque = valeur(envoyer(fichier=texte_joint(20), nom=""), "piece_gardee")
    envoyer(piece_gardee=marque, sans_piece="on")
    envoyer(piece_gardee=marque[:-2] + "xx")
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


# --- Documents, calendar, legal pages


@pytest.mark.exigence("PUB-044")
def test_un_document_publie_montre_son_type_et_sa_taille_et_se_telecharge() -> None:
    octets = usines.PDF_MINIMAL + b" " * 1_279_000
    DocumentUtile.objects.create(
        titre="Exemple de bon de commande, MOM, VA", fichier=usines.fichier(octets), nom_fichier="bon.pdf"
    )
    reponse = Client().get(reverse("public:documents"))
    assert "Exemple de bon de commande, MOM, VA PDF - 1,22 Mo" in mots(reponse)
    recu = Client().get(lien(reponse, "Exemple de bon de commande, MOM, VA PDF - 1,22 Mo"))
    assert recu.getvalue() == octets
    assert recu["Content-Disposition"] == 'attachment; filename="bon.pdf"'


@pytest.mark.exigence("PUB-044", "PUB-048")
@pytest.mark.parametrize("type_demande", list(TypeDemande))
def test_les_modeles_de_fichiers_de_tous_les_couloirs_sont_dans_un_zip(type_demande: TypeDemande) -> None:
    adresse = reverse("public:document_modele", args=[f"modeles-{type_demande.libelle.lower()}.zip"])
    archive = zipfile.ZipFile(io.BytesIO(Client().get(adresse).content))
    assert len(archive.namelist()) == len(par_fichier())
    assert all(json.loads(archive.read(nom)) for nom in archive.namelist())


@pytest.mark.exigence("PUB-045")
def test_l_attestation_hds_se_telecharge_en_pdf_balise() -> None:
    reponse = Client().get(reverse("public:document_modele", args=["attestation-hebergement-hds.pdf"]))
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "hébergement de données de santé" in str(pdf.open_metadata()["dc:title"])


def test_un_modele_inconnu_n_existe_pas() -> None:
    assert Client().get(reverse("public:document_modele", args=["autre.pdf"])).status_code == 404


@pytest.mark.exigence("PUB-010")
def test_le_flux_ical_dit_les_memes_instants_que_le_calendrier() -> None:
    limite = maintenant().replace(year=2027, month=1, day=15, hour=13, minute=0, second=0, microsecond=0)
    fenetre = usines.fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE, affichee=limite, fermeture=limite)
    reponse = Client().get(reverse("public:calendrier"))
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    lignes = reponse.content.decode().split("\r\n")
    assert all(len(ligne.encode()) <= 75 for ligne in lignes)
    deplie = reponse.content.decode().replace("\r\n ", "")
    assert "DTSTART:20270115T130000Z" in deplie
    assert f"DTSTART:{fenetre.ouverture:%Y%m%dT%H%M%SZ}" in deplie
    assert "SUMMARY:Date limite de dépôt : Avance – Médico-social (DUI)" in deplie
    assert "15 janvier 2027 à 14 h 00\\, heure de Paris." in deplie
    assert deplie.count("BEGIN:VEVENT") == deplie.count("END:VEVENT") == 2


@pytest.mark.exigence("PUB-002", "PUB-012", "PUB-039", "FRM-026")
@pytest.mark.parametrize("route", ["public:accueil", "fournisseur:connexion"])
def test_les_pages_nomment_les_acteurs_et_portent_les_liens_du_pied(route: str) -> None:
    reponse = Client().get(reverse(route))
    entete, pied = (
        mots(type(reponse)(reponse.content.decode().split(f"<{balise}")[1].split(f"</{balise}>")[0]))
        for balise in ("header", "footer")
    )
    for acteur in (
        "Agence du Numérique en Santé",
        "l'Assurance Maladie",
        "CNSA",
        "France Relance",
        "NextGenerationEU",
    ):
        assert acteur in entete
        assert acteur in pied
    for site in (
        "legifrance.gouv.fr",
        "gouvernement.fr",
        "service-public.fr",
        "data.gouv.fr",
        "© SEGURNUM 20",
    ):
        assert site in pied


@pytest.mark.exigence("PUB-007", "PUB-039")
@pytest.mark.parametrize("route", ["public:accueil", "fournisseur:connexion"])
def test_besoin_d_aide_mene_aux_questions_et_au_contact(route: str) -> None:
    reponse = Client().get(reverse(route))
    assert "Besoin d'aide ?" in mots(reponse)
    assert lien(reponse, "Consulter les questions fréquentes") == reverse("public:faq")
    assert lien(reponse, "Contacter l'assistance") == reverse("public:assistance")


@pytest.mark.exigence("PUB-008", "PUB-009")
def test_l_accueil_dit_ce_qu_est_le_segur_et_ou_en_savoir_plus() -> None:
    reponse = Client().get(reverse("public:accueil"))
    texte = mots(reponse)
    for morceau in (
        "6 milliards d'euros",
        "deux milliards d'euros",
        "interopérabilité",
        "réversibilité",
        "convergence",
    ):
        assert morceau in texte
    assert lien(reponse, "site de l'Agence du numérique en santé").startswith("https://esante.gouv.fr")
    assert lien(reponse, "présentation officielle") == reverse("public:documents")
    assert "Seules les solutions référencées par l'Agence du numérique en santé seront éligibles" in texte


@pytest.mark.exigence("XCT-011")
def test_les_pages_que_la_loi_demande_sont_au_pied_de_toutes_les_autres() -> None:
    accueil = Client().get(reverse("public:accueil"))
    mentions = Client().get(lien(accueil, "Mentions légales"))
    assert titres(mentions, 1) == ["Mentions légales"]
    declaration = Client().get(lien(accueil, "Accessibilité : partiellement conforme"))
    assert "partiellement conforme" in mots(declaration)
    assert "aucun audit complet" in mots(declaration)
