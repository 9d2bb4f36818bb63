"""A step of an enrolment that is left, by the panel or by a link: what was typed is found again."""

import pytest
from playwright.sync_api import ViewportSize, expect

from e2e.demandeurs import Demandeur
from e2e.visiteurs import ORDINATEUR, ZOOM_400, Portail, Surveillance
from segurnum.essais import usines

CONNU = "FR7630001007941234567890185"  # an account of a bank whose name is known

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.exigence("ENR-013", "XCT-010")
@pytest.mark.parametrize("ecran", [ORDINATEUR, ZOOM_400], ids=["ordinateur", "zoom"])
def test_une_etape_quittee_par_le_panneau_garde_ce_qui_y_est_saisi(
    portail: Portail, surveillance: Surveillance, ecran: ViewportSize
) -> None:
    demandeur = Demandeur(portail.visiteur(ecran), Surveillance())  # a refusal is one of its sights
    visiteur, page = demandeur.visiteur, demandeur.visiteur.page
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.repondre("Je suis le représentant légal", "Oui")
    demandeur.champ("Nom du représentant", "FERRANDEY")
    surveillance.regarder(page)
    visiteur.bouton("1 - Référencement").click()
    demandeur.etape("1 - Référencement")
    visiteur.bouton("2 - Demandeur").click()
    expect(page.get_by_label("Nom commercial")).to_have_value("Hautecime")
    visiteur.bouton("Recevoir un lien pour reprendre plus tard").click()
    visiteur.lire("Un lien vous est envoyé par courriel")
    visiteur.lien("Retour").click()
    expect(page.locator("#id_representant_nom")).to_have_value("FERRANDEY")
    # « Entrée » stays « Etape suivante », whichever buttons stand before the fields.
    page.locator("#id_representant_nom").press("Enter")
    visiteur.lire("Le formulaire n'a pas été accepté")
    demandeur.etape("2 - Demandeur")


@pytest.mark.exigence("ENR-013")
def test_une_etape_quittee_par_un_lien_se_garde_seule(portail: Portail) -> None:
    demandeur = Demandeur(portail.visiteur(ORDINATEUR), Surveillance())
    page = demandeur.visiteur.page
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.repondre("Je suis le représentant légal", "Oui")
    etape = page.url
    demandeur.champ("Nom du représentant", "FERRANDEY")
    demandeur.champ("Email du représentant", "a.ferrandey@valombreuse.example")
    page.goto("/segurnum/foires-aux-questions")
    # Sent on the way out, it may come after the next page is asked for.
    while page.goto(etape) and page.locator("#id_representant_courriel").input_value() == "":
        pass
    expect(page.locator("#id_representant_nom")).to_have_value("FERRANDEY")
    # Back at once, the page that follows the one that was left is not another tab.
    demandeur.champ("Prénom du représentant", "Aude")
    demandeur.visiteur.bouton("1 - Référencement").click()
    demandeur.etape("1 - Référencement")


def test_la_domiciliation_se_remplit_encore_apres_un_formulaire_refuse(portail: Portail) -> None:
    demandeur = Demandeur(portail.visiteur(ORDINATEUR), Surveillance())
    visiteur, page = demandeur.visiteur, demandeur.visiteur.page
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Oui")
    demandeur.suivante()
    demandeur.etape("3 - Coordonnées bancaires")
    demandeur.champ("IBAN", "FR76 0000")
    visiteur.bouton("Étape suivante").filter(visible=True).click()
    visiteur.lire("Le formulaire n'a pas été accepté")
    demandeur.champ("IBAN", CONNU)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Domiciliation")).to_have_value("BANQUE DE FRANCE")
