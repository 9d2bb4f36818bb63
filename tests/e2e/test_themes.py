"""Light and dark, on a wide and a narrow screen: what is read stays readable, and what one chose is kept."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.visiteurs import ORDINATEUR, ZOOM_400, Portail, Surveillance
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais.depots import Deposant

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ECRANS = pytest.mark.parametrize("ecran", [ORDINATEUR, ZOOM_400], ids=["1280", "320"])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def choisir(page: Page, portail: Portail, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": portail.adresse}])


@ECRANS
@THEMES
@pytest.mark.exigence("XCT-011")
def test_les_pages_des_agents_se_lisent_dans_les_deux_themes(
    portail: Portail,
    surveillance: Surveillance,
    agents: dict[Profil, Utilisateur],
    deposant: Deposant,
    theme: str,
    ecran: Any,
) -> None:
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    agent = portail.entrer(agents[Profil.GESTIONNAIRE], ecran)
    choisir(agent.page, portail, theme)
    surveillance.suivre(agent.page)
    for adresse in ("composants", "", "demandes", "publications", "publications/questions/nouvelle"):
        agent.page.goto(f"/segurnums/gestion/{adresse}")
        expect(agent.page.locator("html")).to_have_attribute("data-fr-theme", theme)
        surveillance.regarder(agent.page)
    agent.page.goto("/segurnums/gestion/demandes")
    agent.page.locator("tbody th a").first.click()
    agent.lire("Données de la demande")
    surveillance.regarder(agent.page)


@ECRANS
@THEMES
@pytest.mark.exigence("XCT-011")
def test_les_pages_des_fournisseurs_se_lisent_dans_les_deux_themes(
    portail: Portail, surveillance: Surveillance, deposant: Deposant, theme: str, ecran: Any
) -> None:
    visiteur = portail.visiteur(ecran)
    choisir(visiteur.page, portail, theme)
    surveillance.suivre(visiteur.page)
    for adresse in ("", "affichage", "foires-aux-questions", "simulateur", "enrolement_de_logiciel/"):
        visiteur.page.goto(f"/segurnum/{adresse}")
        surveillance.regarder(visiteur.page)
    visiteur.se_connecter(deposant.utilisateur)
    for adresse in ("accueil", "importation", "demandes"):
        visiteur.page.goto(f"/segurnums/{adresse}")
        surveillance.regarder(visiteur.page)


def test_le_theme_choisi_dans_la_fenetre_vient_avec_les_pages_suivantes(
    portail: Portail, surveillance: Surveillance
) -> None:
    visiteur = portail.visiteur(color_scheme="light")
    surveillance.suivre(visiteur.page)
    visiteur.page.goto("/segurnum/")
    racine = visiteur.page.locator("html")
    visiteur.bouton("Paramètres d'affichage").click()
    visiteur.page.get_by_text("Thème sombre").click()
    expect(racine).to_have_attribute("data-fr-theme", "dark")
    surveillance.regarder(visiteur.page)
    reponse = visiteur.page.goto("/segurnum/foires-aux-questions")
    assert reponse is not None
    assert 'data-fr-theme="dark"' in reponse.text()
    expect(racine).to_have_attribute("data-fr-theme", "dark")
    visiteur.bouton("Paramètres d'affichage").click()
    expect(visiteur.page.get_by_label("Thème sombre")).to_be_checked()
    visiteur.page.locator("label", has_text="Système").click()
    expect(racine).to_have_attribute("data-fr-theme", "light")
    visiteur.page.emulate_media(color_scheme="dark")
    expect(racine).to_have_attribute("data-fr-theme", "dark")


def test_le_theme_se_choisit_aussi_sans_script(portail: Portail) -> None:
    visiteur = portail.visiteur(java_script_enabled=False)
    visiteur.page.goto("/segurnum/")
    expect(visiteur.page.get_by_role("button", name="Paramètres d'affichage")).to_be_hidden()
    visiteur.lien("Paramètres d'affichage").click()
    visiteur.page.get_by_text("Thème sombre").click()
    visiteur.bouton("Enregistrer").click()
    visiteur.lire("Votre choix est enregistré")
    expect(visiteur.page.locator("html")).to_have_attribute("data-fr-theme", "dark")


def test_le_theme_choisi_connecte_attend_dans_un_autre_navigateur(
    portail: Portail, surveillance: Surveillance, deposant: Deposant
) -> None:
    ici = portail.entrer(deposant.utilisateur)
    surveillance.suivre(ici.page)
    ici.bouton("Paramètres d'affichage").click()
    with ici.page.expect_response(lambda reponse: reponse.url.endswith("/affichage")) as envoi:
        ici.page.get_by_text("Thème sombre").click()
    assert envoi.value.status == 204
    ailleurs = portail.entrer(deposant.utilisateur)
    expect(ailleurs.page.locator("html")).to_have_attribute("data-fr-theme", "dark")
