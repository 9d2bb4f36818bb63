"""Help without an account: questions, contact form, documents, calendar, legal pages."""

import io
import json
import zipfile

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from segurnum.couloirs import par_fichier
from segurnum.editorial.models import DocumentUtile, QuestionFaq
from segurnum.editorial.queries import faq
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

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
    assert lien(reponse, "présentation officielle") == reverse("public:guide_presentation")
    assert "Seules les solutions référencées par l'Agence du numérique en santé seront éligibles" in texte


@pytest.mark.exigence("XCT-011")
def test_les_pages_que_la_loi_demande_sont_au_pied_de_toutes_les_autres() -> None:
    accueil = Client().get(reverse("public:accueil"))
    mentions = Client().get(lien(accueil, "Mentions légales"))
    assert titres(mentions, 1) == ["Mentions légales"]
    declaration = Client().get(lien(accueil, "Accessibilité : partiellement conforme"))
    assert "partiellement conforme" in mots(declaration)
    assert "aucun audit complet" in mots(declaration)
