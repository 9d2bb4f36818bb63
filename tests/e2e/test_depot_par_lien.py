"""Pieces asked of somebody who has no account yet: the link of the mail, in a browser."""

import re

import pytest
from playwright.sync_api import FilePayload, ViewportSize, expect

from e2e.visiteurs import ORDINATEUR, ZOOM_400, Portail, Surveillance
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.demonstration import documents
from segurnum.essais import usines
from segurnum.regles.cycles_enrolement import StatutEnrolement

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def rib(nom: str) -> FilePayload:
    return {"name": nom, "mimeType": "application/pdf", "buffer": documents.attester("RIB", ("Inventé",))}


@pytest.mark.exigence("ENR-082", "ENR-084", "ENR-085", "ENR-107", "GST-006", "XCT-010")
@pytest.mark.parametrize("ecran", [ORDINATEUR, ZOOM_400], ids=["1280", "320"])
def test_un_demandeur_sans_compte_depose_par_le_lien_de_son_courriel(
    portail: Portail, surveillance: Surveillance, agents: dict[Profil, Utilisateur], ecran: ViewportSize
) -> None:
    enrolement = usines.enrolement_depose()
    page_de_l_agent = f"/segurnums/gestion/enrolements/{enrolement.numero}"
    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    agent.page.goto(page_de_l_agent)
    agent.page.locator("summary", has_text="Demander des pièces").click()
    agent.page.get_by_text("RIB", exact=True).filter(visible=True).last.click()
    agent.page.get_by_role("textbox").filter(visible=True).last.fill("Un RIB lisible est attendu.")
    agent.bouton("Demander des pièces").click()
    agent.lire("attend des pièces du demandeur")
    trouve = re.search(r"(/segurnum/\S+)", Courriel.objects.get(code="M08").corps)
    assert trouve

    demandeur = portail.visiteur(ecran)
    surveillance.suivre(demandeur.page)
    demandeur.page.goto(trouve[1])
    demandeur.lire("Déposer des pièces jointes", "Un RIB lisible est attendu.")
    surveillance.regarder(demandeur.page)
    expect(demandeur.bouton("Terminer mon dépôt")).to_be_disabled()
    demandeur.bouton("Importer").click()
    demandeur.lire("Le formulaire n'a pas été accepté")
    surveillance.regarder(demandeur.page)
    # A form that is refused is answered as such, which the browser's console notes.
    surveillance.problemes = [probleme for probleme in surveillance.problemes if "422" not in probleme]
    for nom in ("faux.pdf", "rib.pdf"):
        demandeur.page.get_by_role("button", name="RIB").set_input_files(rib(nom))
        demandeur.bouton("Importer").click()
        demandeur.lire(f"Le fichier « {nom} » est importé (RIB).")
    demandeur.bouton("Supprimer faux.pdf").click()
    expect(demandeur.page.get_by_role("row", name="faux.pdf")).to_have_count(0)
    demandeur.page.locator("summary", has_text="Terminer mon dépôt").click()
    surveillance.regarder(demandeur.page)
    demandeur.bouton("Confirmer : terminer mon dépôt").click()
    demandeur.lire("Votre dépôt de pièces est terminé")
    surveillance.regarder(demandeur.page)
    demandeur.page.goto(trouve[1])
    demandeur.lire("Votre dépôt de pièces est terminé")
    enrolement.refresh_from_db()
    assert enrolement.statut is StatutEnrolement.EN_COURS
    assert enrolement.pieces.filter(nom="rib.pdf", confirmee=True).exists()
    agent.page.goto(page_de_l_agent)
    surveillance.regarder(agent.page)
    agent.lire("rib.pdf")
