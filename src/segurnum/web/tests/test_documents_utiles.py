"""« Documents utiles »: one document per title, made by the portal unless an officer published another."""

import io
import re

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from segurnum.editorial.documents import GUIDES, guide_en_pdf
from segurnum.editorial.models import DocumentUtile
from segurnum.essais import usines
from segurnum.kits.templatetags.portail import poids
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

TITRES = {
    "Exemple de bon de commande, MOM, VA": "PDF",
    "Guide utilisateur - Dépôt d'une demande de financement": "PDF",
    "Guide utilisateur - Les écrans du portail": "PDF",
    "Guide utilisateur - L'enrôlement auprès de l'ASP": "PDF",
    "Guide utilisateur - Retrouver son identifiant ou mot de passe de connexion": "PDF",
    "Guide utilisateur - Simulateur de dépôt JSON": "PDF",
    "Guide utilisateur - Ajouter de nouvelles coordonnées bancaires": "PDF",
    "Guide utilisateur - Modifier les coordonnées des personnes physiques": "PDF",
    "Modèles de fichiers - Demande d'avance": "ZIP",
    "Modèles de fichiers - Demande de solde": "ZIP",
    "Attestation sur l'honneur - hébergement de données de santé (HDS)": "PDF",
}


@pytest.mark.exigence("PUB-044", "PUB-045", "PUB-047")
@pytest.mark.parametrize("titre", TITRES)
def test_chaque_document_est_la_une_fois_avec_son_type_et_sa_taille(titre: str) -> None:
    page = Client().get(reverse("public:documents"))
    trouves = re.findall(rf"(?<!: ){re.escape(titre)} ({TITRES[titre]} - [0-9,]+.[KM]o)", mots(page))
    assert len(trouves) == 1
    recu = Client().get(lien(page, f"{titre} {trouves[0]}"))
    assert recu.content.startswith(b"%PDF" if TITRES[titre] == "PDF" else b"PK")
    assert trouves[0].endswith(poids(len(recu.content)).replace("\xa0", " "))
    assert recu["Content-Disposition"].startswith("attachment")


@pytest.mark.exigence("PUB-047")
@pytest.mark.parametrize("nom", GUIDES)
def test_chaque_guide_se_lit_aussi_en_ligne(nom: str) -> None:
    liste = Client().get(reverse("public:documents"))
    page = Client().get(lien(liste, f"Lire en ligne : {GUIDES[nom][0]}"))
    assert page.status_code == 200
    assert len(titres(page, 1)) == 1
    assert titres(page, 2)
    with pikepdf.open(io.BytesIO(guide_en_pdf(nom))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) <= 4
        assert str(pdf.open_metadata()["dc:title"]) == titres(page, 1)[0]


@pytest.mark.exigence("PUB-044")
def test_un_document_publie_prend_la_place_de_celui_du_portail() -> None:
    titre = "Guide utilisateur - Les écrans du portail"
    DocumentUtile.objects.create(titre=titre, fichier=usines.fichier(), nom_fichier="ecrans.pdf")
    page = Client().get(reverse("public:documents"))
    assert mots(page).count(f"{titre} PDF") == 1
    assert reverse("public:document_modele", args=["guide-ecrans.pdf"]) not in page.content.decode()
