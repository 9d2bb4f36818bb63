"""Enrolments in a browser, from the public site to the first deposit: who asks, who instructs, what is mailed."""

import re

import pytest
from playwright.sync_api import expect

from e2e.demandeurs import (
    DEPOSITAIRE,
    REPRESENTANT,
    Demandeur,
    attendre_l_enregistrement,
    entrer_par_le_courriel,
    ouvrir_en_gestion,
    pdf,
    valider_en_gestion,
)
from e2e.visiteurs import ZOOM_400, Portail, Surveillance, Visiteur
from segurnum.comptes.models import CoordonneesBancaires, Profil, Role, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique, identites
from segurnum.enrolements.models import Enrolement
from segurnum.essais import usines
from segurnum.essais.courriels import recus
from segurnum.essais.depots import Deposant
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

Agents = dict[Profil, Utilisateur]


@pytest.mark.exigence("ENR-009", "ENR-016", "ENR-017", "ENR-022", "ENR-028", "ENR-029", "GST-004")
@pytest.mark.exigence("ENR-031", "ENR-038", "ENR-039", "ENR-043", "ENR-051", "ENR-052", "ENR-054", "ENR-055")
@pytest.mark.exigence("ENR-059", "ENR-061", "ENR-063", "ENR-068", "ENR-110", "ENR-114", "ENR-115", "GST-008")
def test_un_inconnu_s_enrole_puis_importe_son_premier_fichier(
    portail: Portail, surveillance: Surveillance, agents: Agents
) -> None:
    reference = usines.referencement("MS1-DUI")
    for type_demande in TypeDemande:
        usines.fenetre(reference.dsr, type_demande)
    demandeur = Demandeur(portail.visiteur(), surveillance)
    demandeur.chercher_le_logiciel(reference)
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Oui")
    demandeur.suivante()
    demandeur.banque_et_tva()
    enrolement = demandeur.terminer()

    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    surveillance.suivre(agent.page)
    valider_en_gestion(agent, enrolement, surveillance)
    enrolement.refresh_from_db()
    assert enrolement.statut is StatutEnrolement.VALIDEE
    compte = CoordonneesBancaires.objects.get(entreprise=enrolement.entreprise)
    assert (compte.iban, compte.statut) == (identites.iban(7), CoordonneesBancaires.Statut.ACTIVE)

    fournisseur = entrer_par_le_courriel(portail, REPRESENTANT)
    surveillance.suivre(fournisseur.page)
    titulaire = Utilisateur.objects.get(email=REPRESENTANT)
    assert (titulaire.last_name, titulaire.role) == ("FERRANDEY", Role.ADMINISTRATEUR)
    fournisseur.bouton("Importation JSONs").click()
    fournisseur.lien("Importer mes demandes").click()
    expect(fournisseur.page.get_by_label("Numéro ANS")).to_contain_text(reference.numero_ans)
    fichier = Deposant(enrolement, titulaire).fichier(1)
    fournisseur.importer(fabrique.en_octets(fichier))
    surveillance.regarder(fournisseur.page)
    demande = Demande.objects.get()
    assert (demande.dossier.enrolement, demande.statut) == (enrolement, "NON_COMPLETEE")
    fournisseur.lire(demande.numero, "Demande importée")


@pytest.mark.exigence("ENR-005", "ENR-006", "ENR-007", "ENR-008", "ENR-023", "ENR-064", "ENR-070", "ENR-087")
@pytest.mark.exigence(
    "ENR-088", "ENR-090", "ENR-091", "ENR-092", "ENR-106", "ENR-108", "RUL-021", "GST-004", "GST-007"
)
def test_un_dpi_s_enrole_par_anticipation_puis_depose_ses_deux_documents(
    portail: Portail, surveillance: Surveillance, agents: Agents
) -> None:
    reference = usines.referencement("HOP-DPI", valide=False)
    demandeur = Demandeur(portail.visiteur(), surveillance)
    demandeur.chercher_le_logiciel(reference)
    demandeur.visiteur.lire("Demande d'enrôlement anticipé", "aucun document n'est à déposer")
    expect(demandeur.visiteur.page.locator("input[type=file]")).to_have_count(0)
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Oui")
    demandeur.suivante()
    demandeur.banque_et_tva()
    enrolement = demandeur.terminer()

    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    surveillance.suivre(agent.page)
    valider_en_gestion(agent, enrolement, surveillance)
    assert "M03" in recus(Utilisateur.objects.get(email=REPRESENTANT))
    fournisseur = entrer_par_le_courriel(portail, REPRESENTANT)
    surveillance.suivre(fournisseur.page)
    simuler_sans_pouvoir_importer(fournisseur, enrolement)
    finaliser(fournisseur, enrolement, surveillance)
    valider_en_gestion(agent, enrolement, surveillance)
    fournisseur.page.goto("/segurnums/enrolements")
    ligne = fournisseur.page.get_by_role("row", name=enrolement.numero)
    expect(ligne).to_contain_text("Validée")
    surveillance.regarder(fournisseur.page)
    assert recus(Utilisateur.objects.get(email=REPRESENTANT))[-1] == "M02"


def simuler_sans_pouvoir_importer(fournisseur: Visiteur, enrolement: Enrolement) -> None:
    usines.fenetre(enrolement.referencement.dsr, TypeDemande.AVANCE)
    fichier = Deposant(enrolement, Utilisateur.objects.get(email=REPRESENTANT)).fichier(1)
    fournisseur.simuler(fabrique.en_octets(fichier))
    expect(fournisseur.bouton("Importer")).to_be_disabled()


def finaliser(fournisseur: Visiteur, enrolement: Enrolement, vigie: Surveillance) -> None:
    """« Terminer mon dépôt » waits for both documents, which are handed over together."""
    page = fournisseur.page
    fournisseur.bouton("Enrôlement").click()
    fournisseur.lien("Gérer mes demandes d'enrôlement").click()
    ligne = page.get_by_role("row", name=enrolement.numero)
    expect(ligne).to_contain_text("Validation partielle : En attente de certificat(s)")
    vigie.regarder(page)
    fournisseur.lien(f"Déposer des pièces jointes pour {enrolement.numero}").click()
    expect(fournisseur.bouton("Terminer mon dépôt")).to_be_disabled()
    page.get_by_label("Certificat de référencement").set_input_files(pdf("Certificat"))
    fournisseur.bouton("Importer").first.click()
    expect(page.get_by_role("row", name="Certificat de référencement")).to_be_visible()
    expect(fournisseur.bouton("Terminer mon dépôt")).to_be_disabled()
    page.get_by_role("group", name=re.compile("Hébergez-vous")).get_by_text("Non").click()
    page.get_by_role("button", name="Document").set_input_files(pdf("Attestation"))
    fournisseur.bouton("Importer").last.click()
    expect(page.get_by_role("row", name="Attestation sur l'honneur")).to_be_visible()
    vigie.regarder(page)
    page.locator("summary", has_text="Terminer mon dépôt").click()
    fournisseur.bouton("Confirmer : terminer mon dépôt").click()
    fournisseur.lire("Certificat(s) à valider")
    vigie.regarder(page)


@pytest.mark.exigence("ENR-040", "ENR-044", "ENR-045", "ENR-047", "ENR-048", "ENR-062", "GST-008", "XCT-010")
def test_un_employe_enrole_son_entreprise_depuis_un_petit_ecran(
    portail: Portail, surveillance: Surveillance, agents: Agents
) -> None:
    demandeur = Demandeur(portail.visiteur(ZOOM_400), surveillance)
    demandeur.chercher_le_logiciel(usines.referencement("MS1-DUI"))
    demandeur.joindre("Certificat de référencement")
    demandeur.suivante()
    demandeur.chercher_l_entreprise()
    demandeur.representant_legal("Non")
    demandeur.visiteur.lire("La boîte mail saisie sera celle sur laquelle arriveront l'ensemble des mails.")
    demandeur.visiteur.lire("Modèle contrat de prestation", "Modèle de mandat")
    demandeur.employe()
    demandeur.suivante()
    demandeur.banque_et_tva()
    demandeur.visiteur.lire("d - Dépositaire", DEPOSITAIRE)
    enrolement = demandeur.terminer()
    assert enrolement.courriel == DEPOSITAIRE
    assert set(enrolement.pieces.values_list("type", flat=True)) == {
        *("CERTIFICAT", "IDENTITE_REPRESENTANT", "IDENTITE_DEPOSITAIRE", "MANDAT_SIGNATURE", "RIB")
    }
    valider_en_gestion(portail.entrer(agents[Profil.GESTIONNAIRE]), enrolement, surveillance)
    titulaire = Utilisateur.objects.get(entreprise=enrolement.entreprise)
    assert (titulaire.email, titulaire.last_name) == (DEPOSITAIRE, "NESSEGRIN")


@pytest.mark.exigence("ENR-002", "ENR-071", "ENR-072", "ENR-075", "ENR-079", "ENR-081")
@pytest.mark.exigence("ENR-098", "ENR-110")
def test_une_demande_complementaire_ouvre_un_autre_logiciel(
    portail: Portail, surveillance: Surveillance, deposant: Deposant, agents: Agents
) -> None:
    reference = usines.referencement("MDV-LGC")
    fournisseur = portail.entrer(deposant.utilisateur)
    surveillance.suivre(fournisseur.page)
    enrolement = completer(Demandeur(fournisseur, surveillance), reference)
    assert enrolement.entreprise == deposant.enrolement.entreprise
    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    valider_en_gestion(agent, enrolement, surveillance)
    fournisseur.page.goto("/segurnums/enrolements")
    ligne = fournisseur.page.get_by_role("row", name=enrolement.numero)
    expect(ligne).to_contain_text(re.compile("Validée.*complémentaire", re.IGNORECASE | re.DOTALL))
    fournisseur.page.goto("/segurnums/importation")
    expect(fournisseur.page.get_by_label("Numéro ANS")).to_contain_text(reference.numero_ans)


@pytest.mark.exigence("ENR-063", "ENR-101", "ENR-109", "GST-005")
def test_un_enrolement_rejete_dit_pourquoi(
    portail: Portail, surveillance: Surveillance, deposant: Deposant, agents: Agents
) -> None:
    enrolement = usines.enrolement_depose(
        code="MDV-LGC", societe=deposant.enrolement.entreprise, type=Enrolement.Type.COMPLEMENTAIRE
    )
    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    ouvrir_en_gestion(agent, enrolement, surveillance)
    agent.page.locator("summary", has_text="Rejeter").click()
    agent.bouton("Rejeter").click()
    agent.lire("Le motif du rejet est obligatoire")
    surveillance.regarder(agent.page)
    motif = "Le certificat est celui d'un autre logiciel."
    agent.page.get_by_label("Motif du rejet").fill(motif)
    agent.bouton("Rejeter").click()
    agent.lire(f"L'enrôlement {enrolement.numero} est rejeté")
    assert motif in Courriel.objects.get(code="M04", destinataire=enrolement.courriel).corps
    fournisseur = portail.entrer(deposant.utilisateur)
    surveillance.suivre(fournisseur.page)
    fournisseur.page.goto("/segurnums/enrolements")
    fournisseur.lien(f"Consulter {enrolement.numero}").click()
    fournisseur.lire("Statut : Rejetée", "Motif du rejet", motif)
    surveillance.regarder(fournisseur.page)


def completer(demandeur: Demandeur, reference: Referencement) -> Enrolement:
    """The one form of a company that has an account."""
    fournisseur = demandeur.visiteur
    fournisseur.bouton("Enrôlement").click()
    fournisseur.lien("Faire une demande complémentaire").click()
    demandeur.champ("N° unique de référencement", reference.numero_ans)
    demandeur.vigie.regarder(fournisseur.page)
    fournisseur.bouton("Rechercher").click()
    fournisseur.lire(reference.logiciel, reference.libelle_dsr)
    expect(fournisseur.page.get_by_label("IBAN")).to_have_count(0)
    demandeur.joindre("Certificat de référencement")
    demandeur.repondre("Taux de TVA applicable", "20 %")
    demandeur.vigie.regarder(fournisseur.page)
    fournisseur.bouton("Terminer").filter(visible=True).click()
    return attendre_l_enregistrement(fournisseur)
