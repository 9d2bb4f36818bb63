"""The frame of every page: who is named in the banner, which tabs each profile has."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.web.commun.menus import Entree, menu
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _onglets(profil: Profil) -> dict[str, list[str]]:
    entrees: tuple[Entree, ...] = menu(usines.utilisateur(profil))
    return {entree.libelle: [fille.libelle for fille in entree.entrees] for entree in entrees}


@pytest.mark.exigence("FRM-008", "FRM-009", "FRM-010", "FRM-011", "FRM-014")
def test_les_onglets_du_fournisseur() -> None:
    onglets = _onglets(Profil.FOURNISSEUR)
    assert list(onglets) == [
        "Accueil",
        "Enrôlement",
        "Importation JSONs",
        "Demandes de financement",
        "Exports",
        "Mon compte",
        "Besoin d'aide ?",
    ]
    assert onglets["Demandes de financement"] == [
        "Gérer mes demandes de financement",
        "Établir mes documents",
        "Mes récépissés",
    ]
    assert onglets["Exports"] == ["Exporter vos demandes de financement", "Exporter vos bénéficiaires"]
    assert onglets["Accueil"] == []
    assert onglets["Enrôlement"] == ["Gérer mes demandes d'enrôlement", "Faire une demande complémentaire"]
    assert onglets["Importation JSONs"] == [
        "Gérer mes importations JSONs",
        "Importer mes demandes",
        "Préparer mes soldes",
        "Accéder à la documentation des JSONs",
    ]


@pytest.mark.exigence("FRM-017")
def test_un_operateur_n_a_ni_importation_ni_exports() -> None:
    assert list(_onglets(Profil.OPERATEUR)) == [
        "Accueil",
        "Enrôlement",
        "Demande de financement",
        "Mon compte",
        "Besoin d'aide ?",
    ]


@pytest.mark.exigence("FRM-003", "FRM-004", "FRM-005")
@pytest.mark.parametrize("page", ["accueil", "importations", "demandes", "enrolements"])
def test_le_bandeau_de_chaque_page_privee_nomme_les_acteurs_et_ramene_a_l_accueil(page: str) -> None:
    client = Client()
    client.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    reponse = client.get(reverse(f"fournisseur:{page}"))
    for acteur in (
        "République française",
        "Agence de services et de paiement",
        "Agence du Numérique en Santé",
    ):
        assert acteur in mots(reponse)
    assert f'href="{reverse("fournisseur:accueil")}"' in reponse.content.decode()


@pytest.mark.exigence("PUB-005", "PUB-014")
def test_qui_n_a_pas_de_compte_est_invite_a_s_enroler() -> None:
    page = Client().get(reverse("public:accueil"))
    assert "Vous n'avez pas de compte ? Effectuer ma demande d'enrôlement" in mots(page)
    assert f'href="{reverse("public:enrolement")}"' in page.content.decode()


def test_une_page_refusee_est_une_ligne_du_journal_technique(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    client.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    assert client.get(reverse("gestion:accueil")).status_code == 403
    (ligne,) = [dite for dite in caplog.records if dite.name == "django.request"]
    assert ligne.exc_info is None
    assert ligne.getMessage().startswith("Forbidden")
