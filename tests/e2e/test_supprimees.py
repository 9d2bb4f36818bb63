"""What was deleted for want of its pieces is told by mail, read a year, and imported again in one click."""

import pytest
from playwright.sync_api import expect

from e2e.visiteurs import Portail, Surveillance
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande
from segurnum.depots import suites
from segurnum.essais.depots import Deposant
from segurnum.essais.horloge import Horloge
from segurnum.regles.calendrier import maintenant

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.exigence("INC-006")
def test_ce_qui_a_expire_se_relit_et_s_importe_de_nouveau(
    portail: Portail, surveillance: Surveillance, deposant: Deposant, horloge: Horloge
) -> None:
    depot = deposant.importer(2)
    anciens = list(Demande.objects.order_by("pk").values_list("numero", "numero_editeur"))
    horloge.avancer(days=9)
    suites.expirer(instant=maintenant())
    assert not Demande.objects.exists()
    courriel = Courriel.objects.get(code="M94")
    assert all(numero.removesuffix("M0") in courriel.corps for numero, _ in anciens)
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)

    page.goto("/segurnums/importations")
    expect(page.locator("tbody")).to_contain_text("supprimée")
    page.goto(f"/segurnums/importations/{depot.pk}")
    page.get_by_role("link", name="Demandes supprimées").click()
    for numero, editeur in anciens:
        ligne = page.get_by_role("row").filter(has_text=numero)
        expect(ligne).to_contain_text(editeur)
        expect(ligne).to_contain_text("le ")
    surveillance.regarder(page)
    fournisseur.bouton("Importer de nouveau").click()
    expect(page.get_by_text("sont importées de nouveau")).to_be_visible()
    assert sorted(Demande.objects.values_list("numero_editeur", flat=True)) == sorted(e for _, e in anciens)
    surveillance.regarder(page)
    page.goto(f"/segurnums/importations/{depot.pk}/supprimees")
    expect(page.get_by_role("link", name="Importée de nouveau").first).to_be_visible()
    expect(page.get_by_role("button", name="Importer de nouveau")).to_have_count(0)
