"""What a supplier does with its requests once they are deposited, each walk to its end in a browser."""

import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Request, expect

from e2e.demandeurs import REPRESENTANT, Demandeur
from e2e.visiteurs import Portail, Surveillance, cocher, fichier_zip, l_ouvrier_passe
from segurnum.courriels.models import Courriel
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.demonstration import documents, fabrique
from segurnum.depots import suites
from segurnum.essais import usines
from segurnum.essais.courriels import adresses_ecrites
from segurnum.essais.depots import Deposant
from segurnum.essais.horloge import Horloge
from segurnum.exports import services as exports
from segurnum.exports.models import Export
from segurnum.regles.calendrier import maintenant, tout_est_arrive
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.fournisseur import exports as ecran_des_exports
from segurnum.web.tests import depot as web
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.test_elements_repetes import NEUF, SCENARIO, SITES
from segurnum.web.tests.test_soldes_prepares import completer, decidees
from segurnum.web.tests.test_suite_d_une_correction import a_corriger

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.exigence("INC-006")
def test_ce_qui_expire_se_dit_par_trois_courriels_se_relit_et_s_importe_de_nouveau(
    portail: Portail, deposant: Deposant, surveillance: Surveillance, horloge: Horloge
) -> None:
    deposant.importer(2)
    declarees = list(Demande.objects.order_by("pk"))
    for jours in (5, 2, 1):
        horloge.avancer(days=jours)
        suites.prevenir(instant=maintenant())
        suites.expirer(instant=tout_est_arrive(maintenant()))
    avant, le_jour, apres = Courriel.objects.filter(code__in=("M93", "M94")).order_by("pk")
    assert [courriel.code for courriel in (avant, le_jour, apres)] == ["M93", "M93", "M94"]
    for courriel in (avant, apres):
        assert all(demande.dossier.numero in courriel.corps for demande in declarees)
    assert not Demande.objects.exists()

    # The mail leads to what it tells; what was declared is read there, and goes again in one click.
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)
    lien = adresses_ecrites(apres)[0]
    page.goto(lien)
    fournisseur.lire("Supprimée faute de pièces")
    fournisseur.lien("Demandes supprimées").click()
    fournisseur.lire(*(demande.numero for demande in declarees))
    surveillance.regarder(page)
    fournisseur.bouton("Importer de nouveau").click()
    fournisseur.lire("sont importées de nouveau", "Compte rendu de l'import")
    assert set(Demande.objects.values_list("numero_editeur", "montant_declare")) == {
        (demande.numero_editeur, demande.montant_declare) for demande in declarees
    }
    page.goto(lien)
    fournisseur.lien("Demandes supprimées").click()
    expect(fournisseur.bouton("Importer de nouveau")).to_have_count(0)


@pytest.mark.exigence("MOD-004", "MOD-010", "MOD-011", "MOD-028", "MOD-030")
def test_un_site_s_ajoute_se_retire_se_retablit_et_l_historique_le_montre(
    portail: Portail, deposant: Deposant, surveillance: Surveillance
) -> None:
    demande = a_corriger(Fournisseur(deposant))
    usines.plafond(demande.dsr, NEUF, "1000")
    avant = donnees_courantes(demande)
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)
    page.goto(f"/segurnums/demandes/{demande.numero}")
    fournisseur.lien("Modifier").click()
    fournisseur.lire("Corrigez.")

    def champ(nom: str) -> Any:
        return page.locator(f"[name='{nom}']")

    rang = len(avant["scenarioInstallation"])
    sites = len(avant["beneficiaires"][0]["etablissementsClients"][0]["FINESSGeo"])
    for liste, neuf in ((SITES, f"{SITES}[{sites}]"), (SCENARIO, f"{SCENARIO}[{rang}].FINESSGeo")):
        page.locator(f"button[value='ajouter:{liste}']").click()
        expect(champ(neuf)).to_be_visible()
    champ(f"{SITES}[{sites}]").fill(NEUF)
    for nom in avant["scenarioInstallation"][0]:
        ici, valeur = champ(f"{SCENARIO}[{rang}].{nom}"), champ(f"{SCENARIO}[0].{nom}").input_value()
        if ici.evaluate("e => e.tagName") == "SELECT":
            ici.select_option(valeur)
        else:
            ici.fill(NEUF if nom == "FINESSGeo" else valeur)
    surveillance.regarder(page)
    # One is taken away by mistake, then brought back: what was typed in the other stays there.
    page.locator(f"button[value='oter:{SCENARIO}[0]']").click()
    expect(champ(f"{SCENARIO}[0].FINESSGeo")).to_have_count(0)
    page.locator(f"button[value='retablir:{SCENARIO}']").click()
    expect(champ(f"{SCENARIO}[0].FINESSGeo")).to_be_visible()
    expect(champ(f"{SCENARIO}[{rang}].FINESSGeo")).to_have_value(NEUF)
    fournisseur.bouton("Confirmer").click()
    fournisseur.lire("Vos modifications sont confirmées")
    apres = donnees_courantes(Demande.objects.get())
    assert [ligne["FINESSGeo"] for ligne in apres["scenarioInstallation"]][rang:] == [NEUF]
    page.goto(f"/segurnums/demandes/{demande.numero}/historique")
    fournisseur.lire("Ce que cette version a changé", NEUF)
    surveillance.regarder(page)


def test_les_soldes_prepares_des_avances_cochees_se_completent_se_simulent_et_se_deposent(
    portail: Portail, deposant: Deposant, surveillance: Surveillance
) -> None:
    cochee, laissee = decidees(Fournisseur(deposant))
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)
    fournisseur.bouton("Importation JSONs").click()
    fournisseur.lien("Préparer mes soldes").click()
    page.get_by_role("checkbox", name=cochee.numero).focus()
    page.keyboard.press("Space")
    surveillance.regarder(page)
    # The list, which follows what is typed in its filters, does not lose what is ticked in it.
    expect(page.get_by_role("checkbox", name=cochee.numero)).to_be_checked()
    with page.expect_download() as recu:
        fournisseur.bouton("Télécharger le fichier JSON").click()
    prepare = json.loads(recu.value.path().read_bytes(), parse_float=Decimal)
    assert [ligne["numeroASP"] for ligne in prepare["lignesImport"]] == [cochee.dossier.numero]
    rempli = completer(prepare)
    fournisseur.importer(fabrique.en_octets(rempli), "Solde")
    fournisseur.lien("Étape suivante").click()
    pieces = documents.archiver(fabrique.pieces(deposant.source, rempli))
    page.get_by_label("Importer un fichier zip").set_input_files(fichier_zip(pieces))
    fournisseur.bouton("Importer").click()
    fournisseur.lire("Contrôle de «")
    l_ouvrier_passe()
    fournisseur.bouton("Terminer").click()
    fournisseur.lire("Votre dépôt est terminé")
    solde = Demande.objects.get(type=TypeDemande.SOLDE)
    assert (solde.dossier, solde.statut) == (cochee.dossier, StatutDemande.EN_COURS)
    page.goto("/segurnums/soldes")
    fournisseur.lire(laissee.numero)
    expect(page.get_by_role("checkbox", name=cochee.numero)).to_have_count(0)


@pytest.mark.exigence("EXP-002", "EXP-003")
def test_une_recherche_se_garde_se_rouvre_se_donne_a_un_collegue_et_s_exporte_telle_qu_elle_se_lit(
    portail: Portail, deposant: Deposant, surveillance: Surveillance
) -> None:
    inscrit = deposant.enrolement
    for montant, editeur in (("300.00", "00007"), ("100.00", "00008"), ("200.10", "00009")):
        usines.demande(inscrit=inscrit, montant=montant, numero_editeur=editeur)
    usines.demande(StatutDemande.REJETEE, inscrit=inscrit)
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)
    page.goto("/segurnums/demandes?statut=EN_COURS&tri=montant")
    page.get_by_text("Garder cette recherche sous un nom").click()
    page.get_by_label("Nom de la vue").fill("À suivre de près")
    fournisseur.bouton("Enregistrer").click()
    fournisseur.lire("La vue « À suivre de près » est enregistrée.")
    surveillance.regarder(page)
    page.goto("/segurnums/demandes")
    lien = page.get_by_role("navigation", name="Mes vues").get_by_role("link", name="À suivre de près")
    adresse = lien.get_attribute("href")
    lien.click()
    expect(page.locator("tbody tr")).to_have_count(3)
    titres = [titre.strip() for titre in page.locator("thead th").all_inner_texts()]
    lues = [
        dict(
            zip(
                titres,
                (cellule.strip() for cellule in ligne.locator("th, td").all_inner_texts()),
                strict=True,
            )
        )
        for ligne in page.locator("tbody tr").all()
    ]
    with page.expect_download() as recu:
        fournisseur.bouton("Exporter la liste (XLSX)").click()
    entete, *lignes = load_workbook(io.BytesIO(recu.value.path().read_bytes())).active.iter_rows(
        values_only=True
    )
    exportees = [dict(zip(entete, ligne, strict=True)) for ligne in lignes]
    assert [ligne["N° éditeur"] for ligne in exportees] == ["00008", "00009", "00007"]
    for lue, exportee in zip(lues, exportees, strict=True):
        vue = {cle.split("\n")[0]: valeur for cle, valeur in lue.items()}
        assert vue["Numéro Éditeur"] == exportee["N° éditeur"]
        assert exportee["N° ASP"] in vue["Numéro de dossier"]
        assert vue["Statut"].casefold() == str(exportee["Statut"]).casefold()
        assert Decimal(re.sub(r"[^0-9,]", "", vue["Montant Ségur Déclaré"]).replace(",", ".")) == Decimal(
            str(exportee["Montant déclaré SEGUR HT"])
        )

    collegue = portail.entrer(usines.utilisateur(deposant.utilisateur.profil, entreprise=inscrit.entreprise))
    assert adresse is not None
    collegue.page.goto(adresse)
    expect(collegue.page.locator("tbody tr")).to_have_count(3)


def test_un_long_export_se_suit_pendant_qu_il_se_prepare_puis_se_telecharge(
    portail: Portail, deposant: Deposant, surveillance: Surveillance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ecran_des_exports, "IMMEDIATES", 2)
    for _ in range(4):
        usines.demande(inscrit=deposant.enrolement)
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    surveillance.suivre(page)
    page.goto("/segurnums/demandes?statut=EN_COURS")
    fournisseur.bouton("Exporter la liste (XLSX)").click()
    fournisseur.lire("En préparation")
    jauge = page.get_by_role("progressbar")
    expect(jauge).to_have_attribute("value", "0")
    surveillance.regarder(page)
    export = Export.objects.get()
    Export.objects.filter(pk=export.pk).update(faites=2)
    expect(jauge).to_have_attribute("value", "50")
    exports.preparer(export=export.pk)
    fournisseur.lire("offert jusqu'au")
    with page.expect_download() as recu:
        fournisseur.bouton("Télécharger", exact=False).click()
    feuille = load_workbook(io.BytesIO(recu.value.path().read_bytes())).active
    assert len(list(feuille.iter_rows())) == 5


@pytest.mark.exigence("XCT-008", "MOD-020")
def test_ce_qu_une_page_gardait_encore_n_arrive_pas_apres_sa_confirmation(
    portail: Portail, deposant: Deposant
) -> None:
    """On a slow network, what a page keeps by itself comes once « Confirmer » was answered: it changes nothing."""
    demande = a_corriger(Fournisseur(deposant))
    fournisseur = portail.entrer(deposant.utilisateur)
    page = fournisseur.page
    page.goto(f"/segurnums/demandes/{demande.numero}/modification")
    en_chemin: list[Request] = []

    def retenir(route: Any) -> None:
        if "x-brouillon" not in route.request.headers:
            return route.continue_()
        en_chemin.append(route.request)
        return page.evaluate("document.body.dataset.partie = 'oui'")

    page.route("**/modification", retenir)
    page.locator("[name=versionLogiciel]").fill("9.9")
    expect(page.locator("body[data-partie]")).to_be_attached()
    fournisseur.bouton("Confirmer").click()
    fournisseur.lire("Vos modifications sont confirmées", "Statut : En cours")
    tard = en_chemin[0]
    entetes = {nom: valeur for nom, valeur in tard.all_headers().items() if not nom.startswith(":")}
    page.request.post(tard.url, headers=entetes, data=tard.post_data_buffer, max_redirects=0)
    demande = Demande.objects.get()
    assert (demande.statut, donnees_courantes(demande)["versionLogiciel"]) == (StatutDemande.EN_COURS, "9.9")
    services.demander_modification(demande=demande.pk, auteur=web.gestionnaire(), motif="Encore.")
    page.goto(f"/segurnums/demandes/{demande.numero}/modification")
    expect(page.get_by_text("valeur modifiée").filter(visible=True)).to_have_count(0)


@pytest.mark.exigence("ENR-013")
def test_un_enrolement_quitte_se_reprend_ailleurs_par_son_lien(
    portail: Portail, surveillance: Surveillance
) -> None:
    demandeur = Demandeur(portail.visiteur(), surveillance)
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.repondre("Je suis le représentant légal", "Oui")
    demandeur.champ("Nom du représentant", "FERRANDEY")
    visiteur = demandeur.visiteur
    visiteur.bouton("Recevoir un lien pour reprendre plus tard").click()
    visiteur.lire("Un lien vous est envoyé par courriel")
    surveillance.regarder(visiteur.page)
    visiteur.page.get_by_label("Votre adresse électronique").fill(REPRESENTANT)
    cocher(visiteur)
    visiteur.bouton("Envoyer le lien").click()
    visiteur.lire("Un lien a été envoyé à")
    lien = adresses_ecrites(Courriel.objects.get())[0]

    ailleurs = Demandeur(portail.visiteur(), surveillance)
    ailleurs.visiteur.page.goto(lien)
    ailleurs.etape("2 - Demandeur")
    expect(ailleurs.visiteur.page.locator("#id_representant_nom")).to_have_value("FERRANDEY")
