"""News on the private home pages, and read in full (FRM-018 to FRM-021)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.editorial.models import Actualite
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db


def actualite(**valeurs) -> Actualite:
    return Actualite.objects.create(
        **{
            "titre": "Lancement des opérations de recouvrement",
            "categorie": "Paiement",
            "contenu": "Un premier paragraphe.\n\n" + "mot " * 60 + "**fin**",
            "publiee_le": datetime(2022, 9, 16, 10, tzinfo=UTC),
        }
        | valeurs
    )


def client(profil: Profil) -> Client:
    navigateur = Client()
    navigateur.force_login(usines.utilisateur(profil))
    return navigateur


@pytest.mark.exigence("FRM-002", "FRM-018", "FRM-019", "FRM-021")
def test_l_accueil_montre_l_actualite_avec_sa_piece_sa_date_sa_categorie_et_lire_la_suite() -> None:
    ligne = actualite(fichier=usines.fichier(), nom_fichier="note.pdf")
    fournisseur = client(Profil.FOURNISSEUR)
    accueil = fournisseur.get(reverse("fournisseur:accueil"))
    assert "Actualités" in titres(accueil, 2)
    assert (
        "Lancement des opérations de recouvrement Pièce jointe – Publiée le 16/09/2022 – Paiement "
        "Un premier paragraphe. mot" in mots(accueil)
    )
    assert "fin" not in mots(accueil).split("Demandes")[0]
    page = fournisseur.get(lien(accueil, f"Lire la suite : {ligne.titre}"))
    assert titres(page, 1) == [ligne.titre]
    assert "<strong>fin</strong>" in page.content.decode()
    recu = fournisseur.get(reverse("fournisseur:piece_actualite", args=[ligne.pk]))
    assert recu.getvalue() == usines.PDF_MINIMAL
    assert 'filename="note.pdf"' in recu["Content-Disposition"]


@pytest.mark.exigence("FRM-019")
def test_sans_piece_jointe_rien_ne_l_annonce() -> None:
    actualite()
    assert "Pièce jointe" not in mots(client(Profil.FOURNISSEUR).get(reverse("fournisseur:accueil")))


@pytest.mark.exigence("FRM-018", "FRM-020")
@pytest.mark.parametrize(
    ("profil", "lus"),
    [(Profil.FOURNISSEUR, {"Pour tous", "Fournisseurs"}), (Profil.OPERATEUR, {"Pour tous", "Opérateurs"})],
)
def test_chaque_profil_a_ses_actualites(profil: Profil, lus: set[str]) -> None:
    actualite(titre="Pour tous")
    actualite(titre="Fournisseurs", audience="FOURNISSEURS")
    actualite(titre="Opérateurs", audience="OPERATEURS")
    actualite(titre="Demain", publiee_le=maintenant() + timedelta(days=1))
    for route in ("fournisseur:accueil", "fournisseur:actualites"):
        assert set(titres(client(profil).get(reverse(route)), 3)) == lus


@pytest.mark.exigence("FRM-020", "XCT-002")
@pytest.mark.parametrize("route", ["fournisseur:actualite", "fournisseur:piece_actualite"])
@pytest.mark.parametrize(
    "valeurs",
    [{"audience": "OPERATEURS"}, {"publiee_le": maintenant() + timedelta(days=1)}],
    ids=["autre", "future"],
)
def test_l_actualite_des_autres_ou_de_demain_n_existe_pas(route: str, valeurs) -> None:
    ligne = actualite(fichier=usines.fichier(), nom_fichier="note.pdf", **valeurs)
    assert client(Profil.FOURNISSEUR).get(reverse(route, args=[ligne.pk])).status_code == 404


@pytest.mark.exigence("FRM-018")
def test_sans_actualite_l_accueil_le_dit() -> None:
    assert "Aucune actualité pour le moment." in mots(
        client(Profil.OPERATEUR).get(reverse("fournisseur:accueil"))
    )


@pytest.mark.exigence("FRM-016", "PUB-015", "PUB-019")
@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.OPERATEUR])
def test_le_menu_d_aide_a_ses_deux_entrees(profil: Profil) -> None:
    page = client(profil).get(reverse("fournisseur:accueil"))
    assert "Besoin d'aide ? Consulter les questions fréquentes Contacter l'assistance" in mots(page)
    assert lien(page, "Consulter les questions fréquentes") == reverse("public:faq")
    assert lien(page, "Contacter l'assistance") == reverse("public:assistance")
