"""A deposit of which three pieces are bad is repaired to its end; and what a page says when another answers for it."""

import io
import zipfile

import pytest
from playwright.sync_api import Route, expect

from e2e.visiteurs import PIECES_BONNES, Portail, Surveillance, fichier_zip, l_ouvrier_passe
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demonstration import fabrique
from segurnum.depots.models import Depot
from segurnum.essais.depots import Deposant
from segurnum.web.tests.depot import en_cours

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PROGRAMME = b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode."
DU_PROXY = (
    "<html><head><title>413 Request Entity Too Large</title></head><body><h1>Trop gros</h1></body></html>"
)


@pytest.mark.exigence("JSN-034", "JSN-042", "JSN-043", "JSN-044", "INC-007", "INC-008")
def test_un_depot_dont_trois_pieces_sont_mauvaises_se_repare_jusqu_au_bout(
    portail: Portail, deposant: Deposant, surveillance: Surveillance
):
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)
    depot = Depot.objects.get(pk=fournisseur.importer(fabrique.en_octets(deposant.fichier(4))))
    with zipfile.ZipFile(io.BytesIO(deposant.zip_de(depot))) as lu:
        bonnes = {nom: lu.read(nom) for nom in lu.namelist()}
    renommee, tronquee, absente = (
        PieceJustificative.objects.filter(demande=demande, nom__endswith=".pdf").earliest("pk").nom
        for demande in Demande.objects.order_by("pk")[:3]
    )
    envoyees = bonnes | {renommee: PROGRAMME, tronquee: bonnes[tronquee][: len(bonnes[tronquee]) // 2]}
    del envoyees[absente]

    fournisseur.lien("Étape suivante").click()
    fournisseur.envoyer_zip(fabrique_pieces.archive(envoyees))
    fournisseur.lire("Contrôle de «")
    l_ouvrier_passe()
    fournisseur.lire("3 pièces à corriger", "1 demande a toutes ses pièces", "Pièces qui manquent encore")
    surveillance.regarder(page)
    fournisseur.lien("Les erreurs seulement (3)").click()
    expect(page.locator("#titre-pieces").locator("xpath=ancestor::table").locator("tbody tr")).to_have_count(
        3
    )

    # What is right leaves without waiting for the rest.
    fournisseur.bouton("Terminer").click()
    assert Demande.objects.filter(statut="EN_COURS").count() == 1

    # One of them alone, from its own page.
    seule = PieceJustificative.objects.get(nom=absente).demande
    fournisseur.lien(f"+ Ajouter une pièce à la demande {seule.numero}").click()
    page.get_by_label("Fichier de la pièce").set_input_files(
        {"name": absente, "mimeType": "application/pdf", "buffer": bonnes[absente]}
    )
    fournisseur.bouton("+ Ajouter").click()
    fournisseur.lire(f"La pièce « {absente} » est reçue.")
    surveillance.regarder(page)
    page.goto(f"/segurnums/importations/{depot.pk}/pieces")

    # A second ZIP, of one right piece and one that is bad still; then the last one by itself.
    fournisseur.envoyer_zip(fabrique_pieces.archive({renommee: bonnes[renommee], tronquee: PROGRAMME}))
    fournisseur.lire("Contrôle de «")
    l_ouvrier_passe()
    fournisseur.lire("1 pièce à corriger", "Les erreurs seulement (1)")
    fournisseur.envoyer_zip(fabrique_pieces.archive({tronquee: bonnes[tronquee]}))
    fournisseur.lire("Contrôle de «")
    l_ouvrier_passe()
    fournisseur.lire(PIECES_BONNES)
    fournisseur.bouton("Terminer").click()
    fournisseur.lire("Votre dépôt est terminé")
    surveillance.regarder(page)
    assert Demande.objects.filter(statut="EN_COURS").count() == 4
    page.goto("/segurnums/importations")
    fournisseur.lire("4 transmises")
    expect(page.get_by_text("Pièces attendues : reprendre")).to_have_count(0)


def test_la_reponse_d_un_proxy_se_dit_et_le_fichier_reste_choisi(portail: Portail, deposant: Deposant):
    depot = deposant.importer(1)
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    page.goto(f"/segurnums/importations/{depot.pk}/pieces")

    def repondre_a_sa_place(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=413, content_type="text/html", body=DU_PROXY)
        else:
            route.continue_()

    page.route("**/pieces", repondre_a_sa_place)
    champ = page.get_by_label("Importer un fichier zip")
    champ.set_input_files(fichier_zip(deposant.zip_de(depot)))
    fournisseur.bouton("Importer").click()
    fournisseur.lire("trop gros pour un intermédiaire du réseau (413, « Trop gros »)")
    expect(champ).to_have_attribute("aria-invalid", "true")
    assert champ.evaluate("champ => champ.files.length") == 1
    page.unroute("**/pieces")
    fournisseur.bouton("Importer").click()
    fournisseur.lire("Contrôle de «")


def test_l_aide_d_un_libelle_s_ouvre_au_survol_au_clavier_et_au_clic(portail: Portail, deposant: Deposant):
    (demande,) = en_cours(deposant)
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    page.goto(f"/segurnums/demandes/{demande.numero}")
    fournisseur.derouler("Informations de la demande")
    bouton = page.locator(".fr-btn--tooltip").filter(visible=True).first
    aide = page.locator(f"#{bouton.get_attribute('aria-describedby')}")
    expect(aide).not_to_be_visible()
    bouton.hover()
    expect(aide).to_be_visible()
    page.mouse.move(0, 0)
    expect(aide).not_to_be_visible()
    bouton.focus()
    expect(aide).to_be_visible()
    page.mouse.move(5, 5)
    expect(aide).to_be_visible()
    page.keyboard.press("Escape")
    expect(aide).not_to_be_visible()
    bouton.click()
    expect(aide).to_be_visible()
