"""A page that is kept as it is typed never takes itself for another tab; a real one is told (regles/saisies.py)."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.controles.tests import fabrique_pieces
from segurnum.couloirs import mss
from segurnum.demandes.models import BrouillonDemande
from segurnum.demonstration.fabrique_formulaires import saisie_de
from segurnum.enrolements.models import Brouillon
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests import a_modifier
from segurnum.web.tests.candidat import Candidat, piece
from segurnum.web.tests.depot import Reponse
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.operateur import Ecran
from segurnum.web.tests.titulaire import Titulaire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    settings.ANNUAIRE = "demonstration"


SOLDE = TypeDemande.SOLDE
SAISIE = saisie_de(mss.SOLDE)


def pieces() -> dict[str, Any]:
    return {
        "piece_mss_resu_test_tech": SimpleUploadedFile("preuve.txt", b"Appels : 12 sur 12\n"),
        "piece_mss_guide_pdf_api": SimpleUploadedFile("guide.pdf", fabrique_pieces.pdf()),
    }


@pytest.mark.exigence("XCT-008")
@pytest.mark.parametrize("en_retard", [False, True])
def test_la_garde_de_la_page_ne_refuse_pas_son_propre_envoi(en_retard: bool):
    ecran = Ecran()
    ecran.operateur.deposer()
    adresse = reverse("fournisseur:ma_demande_etape", args=[ecran.operateur.numero_ans, SOLDE])
    page = {"version": "0", "page": "celle-ci"}

    def garder() -> Reponse:
        tapee = page | {"rang": "1", "nomContact": "Cl"}
        return ecran.client.post(adresse, tapee, headers={"X-Brouillon": "oui"})

    if not en_retard:
        assert garder().status_code == 204
    envoi = ecran.envoyer(SOLDE, geste="enregistrer", **page, rang="2", nomContact="Claire", **pieces())
    assert envoi.status_code == 302
    if en_retard:
        assert garder().status_code == 204
    brouillon = BrouillonDemande.objects.get()
    assert brouillon.saisie["nomContact"] == "Claire"
    assert brouillon.pieces.count() == 2


@pytest.mark.exigence("XCT-008")
def test_un_autre_onglet_est_prevenu_et_ses_fichiers_ne_remplacent_rien():
    ecran = Ecran()
    ecran.operateur.deposer()
    ecran.envoyer(SOLDE, geste="enregistrer", version="0", page="celle-ci", nomContact="Claire")
    refus = ecran.envoyer(SOLDE, **SAISIE, version="0", page="une-autre", **pieces())
    assert refus.status_code == 409
    assert "modifiée dans un autre onglet" in mots(refus)
    assert BrouillonDemande.objects.get().saisie["nomContact"] == "Claire"
    assert not BrouillonDemande.objects.get().pieces.exists()


def test_les_formulaires_d_un_affichage_disent_la_meme_page_et_chaque_affichage_la_sienne():
    candidat = Candidat()
    candidat.rechercher()
    lues = [candidat.lire("enrolement_etape", "referencement").content.decode() for _ in range(2)]
    pages = [re.findall(r'name="page" value="([^"]+)"', lue) for lue in lues]
    assert [len(noms) for noms in pages] == [2, 2]
    assert pages[0][0] == pages[0][1] != pages[1][0]


@pytest.mark.exigence("ENR-013")
def test_une_etape_se_garde_seule_et_ne_refuse_pas_son_envoi():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    adresse = reverse("public:enrolement_etape", args=["demandeur"])
    page = {"version": candidat.version("demandeur"), "page": "celle-ci"}
    tapee = page | {"rang": "1", "geste": "enregistrer", "representant_nom": "FERRANDEY"}
    assert candidat.client.post(adresse, tapee, headers={"X-Brouillon": "oui"}).status_code == 204
    assert Brouillon.objects.get().saisie["demandeur"]["representant_nom"] == "FERRANDEY"
    assert candidat.demandeur(**page, rang="3").status_code == 302
    # A late keeping leaves what was sent as it is, and another tab is told that its own is not kept.
    tard = candidat.client.post(adresse, tapee | {"rang": "2"}, headers={"X-Brouillon": "oui"})
    assert tard.status_code == 204
    ailleurs = candidat.client.post(adresse, tapee | {"page": "une-autre"}, headers={"X-Brouillon": "oui"})
    assert ailleurs.status_code == 409
    assert Brouillon.objects.get().saisie["demandeur"]["representant_nom"] != "FERRANDEY"
    assert Brouillon.objects.get().pieces.filter(type="IDENTITE_REPRESENTANT").exists()


@pytest.mark.exigence("ENR-074", "ENR-079")
def test_la_demande_complementaire_se_garde_seule_et_la_touche_entree_demande_une_fois():
    titulaire = Titulaire()
    titulaire.rechercher()
    adresse = reverse("fournisseur:enrolement_complementaire")
    page = {"version": "1", "page": "celle-ci"}
    tapee = page | {
        "entreprise": str(titulaire.societe.pk),
        "rang": "1",
        "geste": "enregistrer",
        "taux_tva": "20",
    }
    assert titulaire.client.post(adresse, tapee, headers={"X-Brouillon": "oui"}).status_code == 204
    question = titulaire.completer(
        "verifier", **page, rang="2", taux_tva="20", piece_certificat=piece("certificat.pdf")
    )
    assert question.status_code == 200
    assert "Votre demande n'est pas encore envoyée" in mots(question)
    assert "Fichier déposé : certificat.pdf" in mots(question)
    assert titulaire.completer(taux_tva="20").status_code == 302


@pytest.mark.exigence("XCT-008")
def test_un_fichier_choisi_n_est_pas_redemande_quand_un_autre_onglet_a_ecrit():
    ecran, solde = a_modifier.solde_a_modifier()
    ecran.faire("modifier", solde.numero, geste="enregistrer", version="0", nomContact="Claire")
    guide = SimpleUploadedFile("guide-bis.pdf", fabrique_pieces.pdf())
    envoi = {**a_modifier.SAISIE, "version": "0", "type_piece": "MSS_GUIDE_PDF_API", "fichier": guide}
    refus = a_modifier.confirmer(ecran, solde, envoi)
    assert refus.status_code == 409
    assert "Fichier déjà reçu : guide-bis.pdf" in mots(refus)
    assert not solde.pieces.filter(nom="guide-bis.pdf").exists()
