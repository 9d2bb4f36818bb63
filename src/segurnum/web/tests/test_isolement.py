"""A file that stops the child that reads it: each page says so beside its field, and keeps all the rest."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.controles import moteur
from segurnum.demandes.models import PieceJustificative
from segurnum.depots.models import Archive, Depot, Simulation
from segurnum.enrolements.models import Brouillon
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.fichiers.models import Fichier
from segurnum.isolement import portes, tables
from segurnum.isolement.tests import hostiles
from segurnum.referentiel import tableur
from segurnum.web.tests.candidat import Candidat
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.operateur import Ecran
from segurnum.web.tests.test_ma_demande import SAISIE, SOLDE

pytestmark = pytest.mark.django_db

PHRASE = "demande trop de travail : son contrôle a été arrêté"


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.ANNUAIRE, settings.CAPTCHA_ACTIF = "demonstration", False


@pytest.fixture
def contenu_mortel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portes, "verifier_contenu", hostiles.tuer_le_contenu)


@pytest.fixture
def json_mortel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moteur, "verifier", hostiles.tuer_le_json)


def _a_cote_du_champ(page: object, champ: str) -> str:
    form = page.context["form"]  # type: ignore[attr-defined]
    return " ".join(form.errors[champ])


@pytest.mark.exigence("XCT-008")
def test_l_enrolement_garde_la_saisie_et_dit_la_piece_en_cause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    monkeypatch.setattr(portes, "verifier_contenu", hostiles.tuer_le_contenu)
    refus = candidat.demandeur()
    assert refus.status_code == 422
    assert f"Le fichier « cni.pdf » {PHRASE}" in mots(refus)
    assert 'value="Delorme"' in refus.content.decode()
    assert Brouillon.objects.get().saisie["demandeur"]["representant_nom"] == "Delorme"
    assert caplog.text.count("Lecture arrêtée") == 1  # read once, though the page judges its form twice
    assert "cni.pdf" not in caplog.text


@pytest.mark.exigence("XCT-008")
def test_le_formulaire_de_demande_garde_la_saisie_et_dit_la_piece_en_cause(contenu_mortel: None):
    ecran = Ecran()
    ecran.avance_decidee()
    refus = ecran.envoyer(
        SOLDE,
        **SAISIE,
        piece_mss_guide_pdf_api=SimpleUploadedFile("guide.pdf", b"%PDF-1.4 peu importe"),
    )
    assert refus.status_code == 422
    assert f"Le fichier « guide.pdf » {PHRASE}" in mots(refus)
    saisi = next(valeur for valeur in SAISIE.values() if valeur)
    assert f'value="{saisi}"' in refus.content.decode()


@pytest.mark.exigence("PUB-006")
def test_le_simulateur_public_le_dit_a_cote_du_fichier(json_mortel: None):
    fichier = SimpleUploadedFile("demandes.json", b"{}")
    page = Client().post(reverse("public:simulateur"), {"fichier": fichier})
    assert page.status_code == 422
    assert PHRASE in _a_cote_du_champ(page, "fichier")
    assert "Fichier conforme" not in mots(page)


@pytest.mark.exigence("JSN-008", "XCT-008")
def test_l_import_le_dit_a_cote_du_fichier_et_garde_les_autres_choix(json_mortel: None):
    page = Fournisseur().simuler(b"{}", type_demande="SOLDE", taux_tva="8.5")
    assert page.status_code == 422
    assert PHRASE in _a_cote_du_champ(page, "fichier")
    assert '<option value="SOLDE" selected>' in page.content.decode()
    assert '<option value="8.5" selected>' in page.content.decode()
    assert not Simulation.objects.exists()
    assert not Fichier.objects.exists()


def test_une_simulation_que_l_on_ne_sait_plus_relire_le_dit_et_ne_s_importe_pas(
    monkeypatch: pytest.MonkeyPatch,
):
    fournisseur = Fournisseur()
    simulation = fournisseur.deposant.simuler(fournisseur.deposant.fichier(1))
    monkeypatch.setattr(moteur, "verifier", hostiles.tuer_le_json)
    page = fournisseur.lire("simulation", simulation.pk)
    assert page.status_code == 200
    assert PHRASE in mots(page)
    assert not page.context["peut_importer"]
    refus = fournisseur.suivre(fournisseur.faire("importer_simulation", simulation.pk))
    assert PHRASE in mots(refus)
    assert not Depot.objects.exists()


@pytest.mark.exigence("JSN-042")
def test_le_zip_dit_le_fichier_en_cause_et_les_autres_sont_controles(monkeypatch: pytest.MonkeyPatch):
    deposant = Deposant.nouveau()
    depot = deposant.importer(2)
    noms = list(PieceJustificative.objects.values_list("nom", flat=True))
    monkeypatch.setattr(portes, "entrees_de_l_archive", hostiles.entrees_dont_la_premiere_tue)
    archive = deposant.envoyer(depot)
    assert archive.etat == Archive.Etat.NON_CONFORME
    page = Fournisseur(deposant).lire("pieces", depot.pk)
    statuts = {ligne.nom: ligne.statut for ligne in page.context["suivi"].lignes}
    fautives = [nom for nom in noms if PHRASE in statuts[nom]]
    assert len(fautives) == 1
    assert all(statuts[nom] == "OK" for nom in noms if nom not in fautives)
    assert f"Le fichier « {fautives[0]} » {PHRASE}" in mots(page)


def test_un_tableau_du_referentiel_est_refuse_par_une_phrase(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tableur, "lire_tableau", hostiles.tuer_le_tableau)
    assert PHRASE in tableur.analyser(b"a;b\n1;2\n").faute


def test_un_fichier_de_comptages_est_refuse_a_cote_de_son_champ(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "lire_tableau", hostiles.tuer_le_tableau)
    client = Client()
    client.force_login(
        usines.utilisateur(Profil.GESTIONNAIRE), backend="django.contrib.auth.backends.ModelBackend"
    )
    fichier = SimpleUploadedFile("comptages.csv", b"domaine;nombre;date;source\n", content_type="text/csv")
    page = client.post(reverse("gestion:annuaire_comptages"), {"fichier": fichier})
    assert page.status_code == 422
    assert PHRASE in _a_cote_du_champ(page, "fichier")
