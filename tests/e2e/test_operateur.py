"""The operator's dossier in a real browser: avance, decision, balance, correction, decision, payment."""

from decimal import Decimal

import pytest
from playwright.sync_api import FilePayload, Route, expect

from e2e.clavier import Clavier
from e2e.instruction import instruire, payer
from e2e.visiteurs import ZOOM_400, Portail, Surveillance, Visiteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.controles.tests import fabrique_pieces
from segurnum.couloirs import mss
from segurnum.demandes.models import Demande
from segurnum.demonstration.fabrique_formulaires import saisie_de
from segurnum.essais import usines
from segurnum.essais.operateurs import Operateur
from segurnum.regles.cycles import TypeDemande

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

Agents = dict[Profil, Utilisateur]
MOTIF = "Le lien vers votre documentation ne répond pas : corrigez-le."
PREUVE = FilePayload(name="preuve.txt", mimeType="text/plain", buffer=b"Appels : 12 sur 12\n")
GUIDE = FilePayload(name="guide.pdf", mimeType="application/pdf", buffer=fabrique_pieces.pdf())


@pytest.fixture
def operateur(transactional_db: None, portail: Portail) -> Operateur:
    operateur = Operateur.nouveau()
    operateur.compter(1000, 10, 10)
    usines.enveloppe(operateur.enrolement.referencement.dsr)
    operateur.utilisateur.set_password(portail.mot_de_passe)
    operateur.utilisateur.save()
    return operateur


@pytest.mark.exigence("MSS-001", "MSS-002", "MSS-003", "MSS-019", "MSS-020", "MSS-022", "MOD-004", "MOD-011")
@pytest.mark.exigence("MOD-010", "MOD-020", "MOD-030", "RUL-011", "XCT-011")
def test_un_operateur_depose_est_invite_a_modifier_modifie_et_est_paye(
    portail: Portail, operateur: Operateur, agents: Agents
):
    vigie = Surveillance()
    visiteur = portail.entrer(operateur.utilisateur)
    vigie.suivre(visiteur.page)
    equipe = {profil: portail.entrer(personne) for profil, personne in agents.items()}
    for agent in equipe.values():
        vigie.suivre(agent.page)

    avance = deposer(visiteur, TypeDemande.AVANCE, vigie)
    instruire(equipe, avance, vigie)
    payer(equipe, avance, vigie)
    solde = deposer(visiteur, TypeDemande.SOLDE, vigie)
    demander_une_modification(equipe[Profil.GESTIONNAIRE], solde, vigie)
    modifier(visiteur, solde, vigie)
    instruire(equipe, solde, vigie)
    payer(equipe, solde, vigie)
    solde.refresh_from_db()
    assert (solde.montant_decide, solde.etat_paiement) == (Decimal("58588.30"), "EFFECTUE")
    visiteur.page.goto("/segurnums/ma-demande")
    visiteur.derouler("Suivi Financier")
    ligne = visiteur.page.get_by_role("row", name=solde.numero)
    expect(ligne).to_contain_text("Paiement effectué")
    vigie.regarder(visiteur.page)
    vigie.conclure()


def deposer(visiteur: Visiteur, type_demande: TypeDemande, vigie: Surveillance) -> Demande:
    avance = type_demande is TypeDemande.AVANCE
    formulaire = mss.AVANCE if avance else mss.SOLDE
    visiteur.page.goto("/segurnums/accueil")
    visiteur.bouton("Demande de financement").click()
    visiteur.lien("Ma demande de financement").click()
    visiteur.lire("Déposer ma demande d'avance" if avance else "Déposer ma demande de solde")
    vigie.regarder(visiteur.page)
    for champ in formulaire.champs:
        visiteur.page.locator(f"[name={champ.nom}]").fill(saisie_de(formulaire)[champ.nom])
    if not avance:
        visiteur.page.get_by_label("Fichier de preuve").set_input_files(PREUVE)
        visiteur.page.get_by_label("Guide PDF").set_input_files(GUIDE)
    visiteur.bouton("Importer").click()
    visiteur.lire("est importée", "Statut : En cours")
    vigie.regarder(visiteur.page)
    return Demande.objects.get(type=type_demande)


def demander_une_modification(gestionnaire: Visiteur, solde: Demande, vigie: Surveillance) -> None:
    gestionnaire.page.goto(f"/segurnums/gestion/demandes/{solde.numero}")
    vigie.regarder(gestionnaire.page)
    gestionnaire.page.locator("summary", has_text="Demander une modification").click()
    gestionnaire.page.get_by_label("Ce qui est à corriger").fill(MOTIF)
    gestionnaire.bouton("Demander une modification", exact=False).last.click()
    gestionnaire.lire("attend une correction du fournisseur")


def modifier(visiteur: Visiteur, solde: Demande, vigie: Surveillance) -> None:
    visiteur.page.goto("/segurnums/ma-demande")
    visiteur.lire("Votre demande de solde nécessite des modifications de votre part.")
    vigie.regarder(visiteur.page)
    visiteur.lien("Modifier").click()
    visiteur.lire("Commentaire du gestionnaire", MOTIF)
    vigie.regarder(visiteur.page)
    lien = visiteur.page.get_by_label("Lien vers le site web")
    lien.fill("https://neuf.operateur.example")
    visiteur.lire("valeur modifiée. Avant")
    verte = "e => getComputedStyle(e).color !== getComputedStyle(document.body).color"
    assert lien.evaluate(verte)
    # A piece added afterwards does not lose what was typed.
    visiteur.page.get_by_label("Type de pièce complémentaire").select_option("MSS_GUIDE_PDF_API")
    visiteur.page.get_by_label("Fichier à ajouter").set_input_files(GUIDE | {"name": "guide-bis.pdf"})  # type: ignore[typeddict-item]
    visiteur.bouton("Importer").click()
    expect(visiteur.bouton("Supprimer guide-bis.pdf")).to_be_visible()
    expect(visiteur.page.get_by_label("Lien vers le site web")).to_have_value(
        "https://neuf.operateur.example"
    )
    vigie.regarder(visiteur.page)
    visiteur.bouton("Confirmer").click()
    visiteur.lire("Vos modifications sont confirmées", "Statut : En cours")
    visiteur.page.goto(f"/segurnums/demandes/{solde.numero}/historique")
    visiteur.lire("Ce que cette version a changé", "https://neuf.operateur.example")
    vigie.regarder(visiteur.page)


@pytest.mark.exigence("XCT-011", "MSS-005", "MSS-017")
def test_le_solde_se_depose_au_clavier_seul(portail: Portail, operateur: Operateur):
    operateur.deposer()
    visiteur = portail.entrer(operateur.utilisateur)
    page, clavier = visiteur.page, Clavier(visiteur.page)
    clavier.aller(visiteur.bouton("Demande de financement")).presser("Enter")
    clavier.aller(visiteur.lien("Ma demande de financement")).presser("Enter")
    clavier.aller(visiteur.lien("2 - Ma demande de solde")).presser("Enter")
    # Sent empty first: the summary of what lacks is read, and leads to the first field.
    clavier.aller(visiteur.bouton("Importer")).presser("Enter")
    visiteur.lire("Le formulaire n'a pas été accepté")
    expect(page.locator("[data-recoit-focus]")).to_be_focused()
    for champ in mss.SOLDE.champs:
        clavier.aller(page.locator(f"[name={champ.nom}]"))
        page.keyboard.type(saisie_de(mss.SOLDE)[champ.nom])
    for libelle, fichier in (("Fichier de preuve", PREUVE), ("Guide PDF", GUIDE)):
        zone = page.get_by_label(libelle)
        clavier.aller(zone)
        zone.set_input_files(fichier)
    clavier.aller(visiteur.bouton("Importer")).presser("Enter")
    visiteur.lire("est importée", "Statut : En cours")


@pytest.mark.exigence("XCT-011", "XCT-008")
def test_a_320_px_la_saisie_tapee_se_retrouve_apres_un_depart(portail: Portail, operateur: Operateur):
    vigie = Surveillance()
    visiteur = portail.entrer(operateur.utilisateur, ZOOM_400)
    vigie.suivre(visiteur.page)
    visiteur.page.goto("/segurnums/ma-demande")
    vigie.regarder(visiteur.page)
    visiteur.page.get_by_label("Nom du contact support").fill("Camille LORMELIN")
    visiteur.lire("Saisie enregistrée, pas encore envoyée.")
    visiteur.page.goto("/segurnums/accueil")
    visiteur.page.goto("/segurnums/ma-demande")
    expect(visiteur.page.get_by_label("Nom du contact support")).to_have_value("Camille LORMELIN")
    vigie.conclure()


@pytest.mark.exigence("XCT-008", "MSS-019")
def test_sur_un_reseau_lent_la_page_ne_se_prend_pas_pour_un_autre_onglet(
    portail: Portail, operateur: Operateur
):
    """What it kept by itself has come to the portal, and its answer is on its way, when « Importer » is pressed."""
    operateur.deposer()
    visiteur = portail.entrer(operateur.utilisateur)
    page = visiteur.page
    page.goto(f"/segurnums/ma-demande/{operateur.numero_ans}/solde")

    def retenir(route: Route) -> None:
        if "x-brouillon" not in route.request.headers:
            return route.continue_()
        route.fetch()
        return page.evaluate("document.body.dataset.arrivee = 'oui'")

    page.route("**/ma-demande/**", retenir)
    page.get_by_label("Fichier de preuve").set_input_files(PREUVE)
    page.get_by_label("Guide PDF").set_input_files(GUIDE)
    for champ in mss.SOLDE.champs:
        page.locator(f"[name={champ.nom}]").fill(saisie_de(mss.SOLDE)[champ.nom])
    expect(page.locator("body[data-arrivee]")).to_be_attached()
    visiteur.bouton("Importer").click()
    visiteur.lire("est importée", "Statut : En cours")
    assert Demande.objects.get(type=TypeDemande.SOLDE).pieces.count() == 2


@pytest.mark.exigence("XCT-008")
def test_un_vrai_second_onglet_est_prevenu_au_fil_de_la_saisie(portail: Portail, operateur: Operateur):
    visiteur = portail.entrer(operateur.utilisateur)
    premier, second = visiteur.page, visiteur.page.context.new_page()
    for page in (premier, second):
        page.goto(f"/segurnums/ma-demande/{operateur.numero_ans}/avance")
    premier.get_by_label("Nom du contact support").fill("Premier onglet")
    expect(premier.locator("[data-etat-brouillon]")).to_have_text("Saisie enregistrée, pas encore envoyée.")
    second.get_by_label("Nom du contact support").fill("Second onglet")
    expect(second.locator("[data-etat-brouillon]")).to_contain_text("n'est plus enregistrée")
    second.get_by_role("button", name="Enregistrer sans envoyer").click()
    expect(second.locator("main")).to_contain_text("modifiée dans un autre onglet")
    expect(second.get_by_label("Nom du contact support")).to_have_value("Second onglet")


@pytest.mark.exigence("MSS-019")
def test_la_touche_entree_demande_une_fois_avant_de_transmettre(portail: Portail, operateur: Operateur):
    visiteur = portail.entrer(operateur.utilisateur)
    page = visiteur.page
    page.goto(f"/segurnums/ma-demande/{operateur.numero_ans}/avance")
    for champ in mss.AVANCE.champs:
        page.locator(f"[name={champ.nom}]").fill(saisie_de(mss.AVANCE)[champ.nom])
    page.get_by_label("Nom du contact support").press("Enter")
    visiteur.lire("Votre demande n'est pas encore transmise")
    assert not Demande.objects.exists()
    visiteur.bouton("Confirmer : importer ma demande").click()
    visiteur.lire("est importée", "Statut : En cours")
