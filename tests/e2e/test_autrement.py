"""The supplier's walk by those who only type, who enlarge the page four times, or whose browser runs no script."""

import pytest
from playwright.sync_api import expect

from e2e.clavier import Clavier
from e2e.visiteurs import (
    COULEURS,
    PIECES_BONNES,
    ZOOM_400,
    Portail,
    Surveillance,
    Visiteur,
    fichier_json,
    fichier_zip,
    l_ouvrier_passe,
)
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique, fautes
from segurnum.depots.models import Depot
from segurnum.essais.depots import Deposant
from segurnum.web.tests import depot as web

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PUBLIQUES = (
    "/segurnum/",
    "/segurnum/simulateur",
    "/segurnum/documentation",
    "/segurnum/documentation/MS1-DUI",
    "/segurnum/documentation/anomalies",
    "/segurnum/contacter-assistance",
    "/segurnum/foires-aux-questions",
    "/segurnum/documents-utiles",
    "/segurnum/mentions-legales",
    "/segurnum/accessibilite",
    "/segurnums/",
    "/segurnums/identifiant-oublie",
    "/segurnums/mot-de-passe/oublie",
)
DU_FOURNISSEUR = ("accueil", "importation", "importations", "demandes", "enrolements")


@pytest.mark.exigence("XCT-011", "JSN-004", "JSN-009", "JSN-012", "JSN-044", "REQ-031", "FRM-007")
def test_le_fournisseur_depose_et_consulte_au_clavier_seul(portail: Portail, deposant: Deposant):
    visiteur = portail.visiteur()
    page, clavier = visiteur.page, Clavier(visiteur.page)
    page.goto("/segurnums/")
    clavier.aller(page.get_by_label("Votre identifiant"))
    page.keyboard.type(deposant.utilisateur.username)
    clavier.aller(page.get_by_label("Votre mot de passe"))
    page.keyboard.type(portail.mot_de_passe)
    clavier.presser("Enter")

    clavier.aller(visiteur.bouton("Importation JSONs")).presser("Enter")
    clavier.aller(visiteur.lien("Importer mes demandes")).presser("Enter")
    type_demande = page.get_by_label("Type de demande")
    clavier.aller(type_demande).presser("ArrowDown")
    expect(type_demande).to_have_value("SOLDE")
    clavier.presser("ArrowUp")
    expect(type_demande).to_have_value("AVANCE")
    choix = page.get_by_label("Choisissez le fichier")
    clavier.aller(choix)
    choix.set_input_files(fichier_json(fabrique.en_octets(deposant.fichier(1))))
    clavier.aller(visiteur.bouton("Simuler")).presser("Space")
    visiteur.lire("Fichier conforme")
    clavier.aller(visiteur.bouton("Importer")).presser("Enter")
    visiteur.lire("Compte rendu de l'import")
    clavier.aller(visiteur.lien("Étape suivante")).presser("Enter")
    choix = page.get_by_label("Importer un fichier zip")
    clavier.aller(choix)
    choix.set_input_files(fichier_zip(deposant.zip_de(Depot.objects.get())))
    clavier.aller(visiteur.bouton("Importer")).presser("Enter")
    visiteur.lire("Contrôle de «")
    l_ouvrier_passe()
    visiteur.lire(PIECES_BONNES)
    clavier.aller(visiteur.bouton("Terminer")).presser("Space")
    visiteur.lire("Votre dépôt est terminé")

    demande = Demande.objects.get()
    clavier.aller(visiteur.lien("Gérer mes demandes de financement")).presser("Enter")
    clavier.aller(page.locator("summary", has_text=demande.numero)).presser("Enter")
    clavier.aller(visiteur.lien(f"Consulter {demande.numero}")).presser("Enter")
    clavier.aller(visiteur.bouton("Bénéficiaire(s)")).presser("Enter")
    visiteur.lire(demande.beneficiaires.get().nom)
    clavier.aller(visiteur.lien("Historique")).presser("Enter")
    clavier.aller(visiteur.lien("Retour")).presser("Enter")
    visiteur.lire("Rechercher une demande d'avance ou de solde")
    clavier.aller(visiteur.bouton("Se déconnecter")).presser("Enter")
    visiteur.lire("Accéder à mon espace personnel")


@pytest.mark.exigence("XCT-011")
def test_les_pages_restent_entieres_sur_un_ecran_de_320_pixels(
    portail: Portail, deposant: Deposant, agents: dict[Profil, Utilisateur]
):
    vigie = Surveillance()
    en_cours, en_attente, payee = web.en_cours(deposant, 3)
    services.demander_piece(demande=en_attente.pk, auteur=web.gestionnaire(), motif="Le devis signé.")
    web.payer(web.decider(payee))
    versement = web.decider(web.en_cours(deposant)[0])
    incomplet = deposant.importer(1)
    deposant.envoyer(incomplet, fabrique_pieces.archive({"intrus.pdf": fabrique_pieces.pdf()}))
    simulee = deposant.simuler(fautes.abimer_le_fichier(deposant.source, deposant.fichier(4)))

    # Their structure is judged by the walk of every page.
    _parcourir(portail.visiteur(ZOOM_400), PUBLIQUES, vigie, *COULEURS)
    adresses = [*DU_FOURNISSEUR, f"importation/{simulee.pk}", f"importations/{incomplet.pk}"]
    adresses += [f"importations/{incomplet.pk}/pieces", f"demandes/{payee.numero}"]
    adresses += [f"demandes/{payee.numero}/historique", f"demandes/{en_attente.numero}/ajout"]
    fournisseur = portail.entrer(deposant.utilisateur, ZOOM_400)
    _parcourir(fournisseur, [f"/segurnums/{adresse}" for adresse in adresses], vigie)
    gestionnaire = portail.entrer(agents[Profil.GESTIONNAIRE], ZOOM_400)
    adresses = ["", "demandes", f"demandes/{en_cours.numero}", f"demandes/{en_cours.numero}/journal"]
    _parcourir(gestionnaire, [f"/segurnums/gestion/{adresse}" for adresse in adresses], vigie)
    decision = versement.decision.demande
    comptable = portail.entrer(agents[Profil.COMPTABLE], ZOOM_400)
    adresses = ["paiements", "paiements?etape=effectues", f"demandes/{decision.numero}"]
    _parcourir(comptable, [f"/segurnums/gestion/{adresse}" for adresse in adresses], vigie)
    vigie.conclure()


def _parcourir(
    visiteur: Visiteur, adresses: list[str] | tuple[str, ...], vigie: Surveillance, *regles: str
) -> None:
    vigie.suivre(visiteur.page)
    for adresse in adresses:
        reponse = visiteur.page.goto(adresse)
        assert reponse is not None
        assert reponse.status == 200, adresse
        vigie.regarder(visiteur.page, *regles)


@pytest.mark.exigence("JSN-010", "JSN-012", "JSN-034", "JSN-043", "JSN-044")
def test_un_navigateur_sans_script_suffit_a_deposer(portail: Portail, deposant: Deposant):
    fournisseur = portail.entrer(deposant.utilisateur, java_script_enabled=False)
    fautif = fautes.abimer_le_fichier(deposant.source, deposant.fichier(4))
    fournisseur.simuler(fabrique.en_octets(fautif))
    fournisseur.lire("Fichier non conforme", "montantSegurHt")
    depot = fournisseur.importer(fabrique.en_octets(deposant.fichier(1)))
    fournisseur.lien("Étape suivante").click()
    fournisseur.envoyer_zip(deposant.zip_de(Depot.objects.get(pk=depot)))
    fournisseur.lire("Contrôle de « PJ-Avance - Ok.zip » : 0%")
    l_ouvrier_passe()
    fournisseur.lien("Actualiser").click()
    fournisseur.lire(PIECES_BONNES)
    fournisseur.bouton("Terminer").click()
    fournisseur.lire("Votre dépôt est terminé")
    demande = Demande.objects.get()
    fournisseur.lien(demande.numero).click()
    fournisseur.lire("Statut : En cours", demande.beneficiaires.get().nom)
