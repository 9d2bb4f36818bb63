"""Many rows at once, in a browser: by the keyboard on a narrow screen, and without scripts."""

import pytest
from playwright.sync_api import expect

from e2e.visiteurs import ZOOM_400, Portail, Surveillance
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais.depots import Deposant
from segurnum.paiements.models import Versement
from segurnum.web.tests import depot as web

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_le_comptable_coche_tout_au_clavier_puis_retire_une_ligne(
    portail: Portail, surveillance: Surveillance, agents: dict[Profil, Utilisateur], deposant: Deposant
) -> None:
    for demande in web.en_cours(deposant, 3):
        web.decider(demande)
    comptable = portail.entrer(agents[Profil.COMPTABLE], ZOOM_400)
    page = comptable.page
    surveillance.suivre(page)
    page.goto("/segurnums/gestion/paiements")
    surveillance.regarder(page)
    tout = page.get_by_label("Tout sélectionner sur cette page (3 lignes)")
    lignes = page.locator("tbody input[type=checkbox]")
    tout.focus()
    page.keyboard.press("Space")
    expect(lignes.and_(page.locator(":checked"))).to_have_count(3)
    lignes.first.focus()
    page.keyboard.press("Space")
    expect(tout).not_to_be_checked()
    bouton = comptable.bouton("Mettre la sélection en paiement")
    bouton.focus()
    page.keyboard.press("Enter")
    comptable.lire("2 paiements sont mis en paiement.")
    surveillance.regarder(page)
    assert Versement.objects.filter(mis_en_paiement_le=None).count() == 1


def test_tout_se_coche_aussi_sans_script(
    portail: Portail, agents: dict[Profil, Utilisateur], deposant: Deposant
) -> None:
    for demande in web.en_cours(deposant, 2):
        web.decider(demande)
    comptable = portail.entrer(agents[Profil.COMPTABLE], java_script_enabled=False)
    comptable.page.goto("/segurnums/gestion/paiements")
    comptable.lien("Tout sélectionner sur cette page (2 lignes)").click()
    comptable.bouton("Mettre la sélection en paiement").click()
    comptable.lire("2 paiements sont mis en paiement.")
