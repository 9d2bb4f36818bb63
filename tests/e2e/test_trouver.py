"""Finding a request by its number, in a browser: proposed as it is typed, chosen by the keyboard, at 400 % too."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from e2e.visiteurs import ZOOM_400, Portail, Surveillance
from segurnum.essais.depots import Deposant
from segurnum.web.tests import depot as web

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.exigence("REQ-002")
def test_un_numero_se_choisit_au_clavier_et_sa_liste_s_emporte(
    portail: Portail, surveillance: Surveillance, deposant: Deposant
) -> None:
    premiere, _ = web.en_cours(deposant, 2)
    fournisseur = portail.entrer(deposant.utilisateur, ZOOM_400)
    page = fournisseur.page
    surveillance.suivre(page)
    page.goto("/segurnums/demandes")
    champ = page.get_by_role("combobox", name="Numéro de demande")
    proposees = page.get_by_role("listbox", name="Numéro de demande").get_by_role("option")
    champ.press_sequentially("FI")
    expect(proposees).to_have_count(0)
    champ.press_sequentially("N")
    expect(proposees).to_have_count(2)
    expect(champ).to_have_attribute("aria-expanded", "true")
    surveillance.regarder(page)
    page.keyboard.press("Escape")
    expect(champ).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    visee = page.locator(f"#{champ.get_attribute('aria-activedescendant')}")
    expect(visee).to_contain_text(premiere.numero)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**numero={premiere.numero}**")
    expect(page.locator("tbody tr")).to_have_count(1)
    surveillance.regarder(page)
    with page.expect_download() as recu:
        fournisseur.bouton("Exporter la liste (XLSX)").click()
    feuille = load_workbook(io.BytesIO(recu.value.path().read_bytes())).active
    assert [ligne[0].value for ligne in feuille.iter_rows()] == ["N° ASP", premiere.numero]
