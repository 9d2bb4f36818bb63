"""The model documents of the second wave between two people, on the screen of a telephone; and the exports."""

import pytest
from playwright.sync_api import FilePayload, expect

from e2e.visiteurs import ZOOM_400, Portail, Surveillance, Visiteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.controles.tests import fabrique_pieces
from segurnum.essais.depots import Deposant
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.tests.monde import enroler
from segurnum.web.tests import depot as web

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def _importer(visiteur: Visiteur, nom: str) -> None:
    fichier: FilePayload = {"name": nom, "mimeType": "application/pdf", "buffer": fabrique_pieces.pdf()}
    visiteur.page.get_by_label("Type fichier").select_option(label="Modèle de VA couloir Hôpital")
    visiteur.page.get_by_label("Ajouter un fichier").set_input_files(fichier)
    visiteur.bouton("Importer").click()


@pytest.mark.exigence("EXP-011", "EXP-012", "EXP-015", "EXP-016", "FRM-012", "XCT-011")
def test_un_modele_est_refuse_puis_importe_soumis_et_rejete(
    portail: Portail, deposant: Deposant, agents: dict[Profil, Utilisateur]
):
    enroler(deposant.enrolement.entreprise)
    vigie = Surveillance()
    fournisseur = portail.entrer(deposant.utilisateur, ZOOM_400)
    fournisseur.page.goto("/segurnums/modeles")
    _importer(fournisseur, "modèle été.pdf")
    fenetre = fournisseur.page.get_by_role("dialog")
    expect(fenetre).to_contain_text("contient des caractères spéciaux")
    expect(fenetre.get_by_role("button", name="Fermer")).to_be_focused()
    vigie.regarder(fournisseur.page)
    fournisseur.page.keyboard.press("Escape")
    expect(fenetre).to_have_count(0)

    _importer(fournisseur, "modele-ete.pdf")
    expect(fenetre).to_contain_text("Le fichier modele-ete.pdf est importé")
    fenetre.get_by_role("button", name="Fermer").click()
    expect(fenetre).to_have_count(0)
    vigie.regarder(fournisseur.page)
    fournisseur.bouton("Valider mon import").click()
    fournisseur.lire("Votre modèle est transmis au gestionnaire")

    gestionnaire = portail.entrer(agents[Profil.GESTIONNAIRE], ZOOM_400)
    vigie.suivre(gestionnaire.page)
    gestionnaire.lien("1 modèle à instruire").click()
    vigie.regarder(gestionnaire.page)
    gestionnaire.lien("modele-ete.pdf").click()
    gestionnaire.page.locator("summary", has_text="Rejeter").click()
    gestionnaire.page.locator("details[open]").get_by_label("Commentaire").fill("La date manque.")
    vigie.regarder(gestionnaire.page)
    gestionnaire.bouton("Rejeter le modèle").click()
    gestionnaire.lire("Le modèle modele-ete.pdf est rejeté")

    fournisseur.page.reload()
    fournisseur.lien("Consulter modele-ete.pdf").click()
    fournisseur.lire("Commentaire du gestionnaire", "La date manque.")
    vigie.regarder(fournisseur.page)
    assert ModeleDocument.objects.get().statut == "REJETE"
    vigie.conclure()


@pytest.mark.exigence("EXP-001", "EXP-004", "FRM-014", "XCT-011")
def test_les_exports_se_telechargent(portail: Portail, deposant: Deposant):
    (demande,) = web.en_cours(deposant)
    vigie = Surveillance()
    fournisseur = portail.entrer(deposant.utilisateur, ZOOM_400)
    vigie.suivre(fournisseur.page)
    fournisseur.page.goto("/segurnums/exports/demandes")
    vigie.regarder(fournisseur.page)
    lues = fournisseur.telecharger(fournisseur.bouton("Exporter vos demandes de financement (CSV)"))
    assert demande.numero in lues.decode("utf-8-sig")
    fournisseur.page.goto("/segurnums/exports/beneficiaires")
    fournisseur.bouton("Exporter vos bénéficiaires (CSV)").click()
    fournisseur.lire("Sélectionnez d'abord un couloir")
    vigie.regarder(fournisseur.page)
    fournisseur.page.get_by_label("Couloir").select_option(label="Médico-social (DUI) - vague 1")
    lues = fournisseur.telecharger(fournisseur.bouton("Exporter vos bénéficiaires (CSV)"))
    assert demande.beneficiaires.get().identifiants[0] in lues.decode("utf-8-sig")
    vigie.conclure()
