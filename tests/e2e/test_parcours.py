"""The portal walked from end to end in a real browser, by each of those who have a part in it."""

import json
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from e2e.instruction import instruire, payer
from e2e.visiteurs import (
    PIECES_BONNES,
    Portail,
    Surveillance,
    Visiteur,
    fichier_json,
    l_ouvrier_passe,
)
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique, fautes
from segurnum.depots.models import Depot
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.regles.argent import en_euros

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

Agents = dict[Profil, Utilisateur]


def fichier_fautif(deposant: Deposant) -> bytes:
    return fabrique.en_octets(fautes.abimer_le_fichier(deposant.source, deposant.fichier(4)))


@pytest.mark.exigence("PUB-006", "JSN-015", "JSN-001", "JSN-002", "JSN-009", "JSN-010", "JSN-012", "JSN-034")
@pytest.mark.exigence("JSN-041", "JSN-042", "JSN-043", "JSN-044", "JSN-053", "REQ-030", "REQ-032", "REQ-035")
@pytest.mark.exigence("GST-011", "GST-014", "GST-015", "GST-021", "GST-022", "GST-034", "RUL-008", "RUL-011")
@pytest.mark.exigence("REQ-052", "REQ-059", "RUL-030", "XCT-011")
def test_un_dossier_va_de_la_simulation_publique_au_solde_paye(
    portail: Portail, deposant: Deposant, agents: Agents
):
    vigie = Surveillance()
    simuler_en_public(portail, deposant, vigie)
    fournisseur = portail.entrer(deposant.utilisateur)
    vigie.suivre(fournisseur.page)
    vigie.regarder(fournisseur.page)
    simuler_un_fichier_fautif(fournisseur, deposant, vigie)
    avance = deposer(fournisseur, fabrique.en_octets(deposant.fichier(1)), "Avance", deposant, vigie)
    suivre_ses_demandes(fournisseur, avance, vigie)
    usines.plafonner(avance)

    equipe = {profil: portail.entrer(personne) for profil, personne in agents.items()}
    for agent in equipe.values():
        vigie.suivre(agent.page)
        vigie.regarder(agent.page)
    instruire(equipe, avance, vigie, retenu="9000")
    avance.refresh_from_db()
    assert avance.montant_decide == Decimal("3240.00")  # 30 % of 9 000 €, VAT of 20 % included
    payer(equipe, avance, vigie)
    lire_la_decision_et_le_paiement(fournisseur, avance, vigie)

    facture = fabrique.en_octets(fabrique.fichier_de_soldes(deposant.source, [avance]))
    solde = deposer(fournisseur, facture, "Solde", deposant, vigie)
    instruire(equipe, solde, vigie)
    payer(equipe, solde, vigie)
    solde.refresh_from_db()
    assert (solde.statut, solde.etat_paiement) == ("DECIDEE", "EFFECTUE")
    assert solde.montant_decide == Decimal("9000") * Decimal("1.2") - Decimal("3240.00")
    fournisseur.page.goto(f"/segurnums/demandes/{solde.numero}")
    fournisseur.derouler("Suivi Financier")
    expect(fournisseur.page.get_by_role("row", name=solde.numero)).to_contain_text("Paiement effectué")
    vigie.conclure()


def simuler_en_public(portail: Portail, deposant: Deposant, vigie: Surveillance) -> None:
    passant = portail.visiteur()
    vigie.suivre(passant.page)
    passant.page.goto("/segurnum/")
    vigie.regarder(passant.page)
    passant.lien("Simuler mon fichier json").click()
    vigie.regarder(passant.page)
    passant.page.get_by_label("Votre fichier JSON").set_input_files(fichier_json(fichier_fautif(deposant)))
    passant.bouton("Simuler").click()
    passant.lire("Fichier non conforme", "Bilan des anomalies", "montantSegurHt")
    expect(passant.page.locator(".portail-anomalie").first).to_contain_text("Ligne")
    vigie.regarder(passant.page)


def simuler_un_fichier_fautif(fournisseur: Visiteur, deposant: Deposant, vigie: Surveillance) -> None:
    fournisseur.bouton("Importation JSONs").click()
    fournisseur.lien("Importer mes demandes").click()
    fournisseur.lire("Importer les demandes", "Récapitulatif", "Import des demandes d'avance ou de solde")
    expect(fournisseur.page.locator("[aria-current=step]")).to_have_text("1.1. Simulation")
    expect(fournisseur.bouton("Importer")).to_be_disabled()
    vigie.regarder(fournisseur.page)
    fournisseur.simuler(fichier_fautif(deposant))
    anomalie = fournisseur.page.locator(".portail-anomalie", has_text="montantSegurHt").first
    expect(anomalie).to_contain_text("Ligne")
    expect(anomalie).to_contain_text("12480")  # the very line of the file, beside what is said of it
    expect(fournisseur.bouton("Importer")).to_be_disabled()
    vigie.regarder(fournisseur.page)


def deposer(
    fournisseur: Visiteur, octets: bytes, type_demande: str, deposant: Deposant, vigie: Surveillance
) -> Demande:
    fournisseur.simuler(octets, type_demande)
    fournisseur.lire("Fichier conforme")
    vigie.regarder(fournisseur.page)
    fournisseur.bouton("Importer").click()
    fournisseur.lire("Compte rendu de l'import", "Demande importée")
    vigie.regarder(fournisseur.page)
    depot = Depot.objects.latest("pk")
    demande = Demande.objects.get(ligne_depot__depot=depot)
    fournisseur.lien("Étape suivante").click()
    fournisseur.lire("Merci d'importer un seul zip contenant toutes les pièces jointes.")
    vigie.regarder(fournisseur.page)
    envoyer_en_regardant_la_barre(fournisseur, deposant.zip_de(depot))
    fournisseur.lire("Contrôle de « PJ-Avance - Ok.zip »")
    l_ouvrier_passe()
    fournisseur.lire(PIECES_BONNES)
    expect(fournisseur.page.get_by_role("row", name="OK").first).to_be_visible()
    vigie.regarder(fournisseur.page)
    fournisseur.bouton("Terminer").click()
    fournisseur.lire("Votre dépôt est terminé")
    vigie.regarder(fournisseur.page)
    demande.refresh_from_db()
    assert demande.statut == "EN_COURS"
    return demande


def envoyer_en_regardant_la_barre(fournisseur: Visiteur, octets: bytes) -> None:
    avancement: list[str] = []
    fournisseur.page.expose_function(f"noter{len(octets)}", lambda texte: avancement.append(texte))
    fournisseur.page.evaluate(
        """nom => new MutationObserver(() => {
            const jauge = document.querySelector("progress[aria-label='Envoi du fichier']");
            if (jauge) window[nom](jauge.nextElementSibling.textContent);
        }).observe(document.querySelector("main"), {childList: true, subtree: true})""",
        f"noter{len(octets)}",
    )
    fournisseur.envoyer_zip(octets)
    assert "Fichier reçu, contrôle en cours…" in avancement


def suivre_ses_demandes(fournisseur: Visiteur, demande: Demande, vigie: Surveillance) -> None:
    fournisseur.page.goto("/segurnums/importations")
    vigie.regarder(fournisseur.page)
    lien = fournisseur.lien(f"Télécharger la sortie de l'import {Depot.objects.latest('pk').pk}")
    sortie = json.loads(fournisseur.telecharger(lien))
    assert [ligne["numeroASP"] for ligne in sortie["lignesImport"]] == [demande.numero]
    fournisseur.page.goto("/segurnums/demandes")
    vigie.regarder(fournisseur.page)
    fournisseur.page.locator("summary", has_text=demande.numero).click()
    fournisseur.lien(f"Consulter {demande.numero}").click()
    fournisseur.lire(f"Détails de la demande numéro {demande.dossier.numero} - Avance - Statut : En cours")
    expect(fournisseur.bouton("Pièces justificatives")).to_be_visible()
    expect(fournisseur.bouton("Suivi Financier")).to_have_count(0)
    vigie.regarder(fournisseur.page)
    fournisseur.lien("Historique").click()
    vigie.regarder(fournisseur.page)


def lire_la_decision_et_le_paiement(fournisseur: Visiteur, demande: Demande, vigie: Surveillance) -> None:
    fournisseur.page.goto("/segurnums/demandes")
    fournisseur.lire("Paiement effectué")
    fournisseur.page.goto(f"/segurnums/demandes/{demande.numero}")
    fournisseur.lire("Statut : Décidée")
    vigie.regarder(fournisseur.page)
    lettre = demande.pieces.get(nom=f"decision_attribution_{demande.dossier.numero}.pdf")
    fournisseur.derouler("Pièces justificatives")
    assert fournisseur.telecharger(fournisseur.lien(f"Télécharger {lettre.nom}")).startswith(b"%PDF-")
    fournisseur.derouler("Suivi Financier")
    ligne = fournisseur.page.get_by_role("row", name=demande.numero)
    expect(ligne).to_contain_text("Paiement effectué")
    expect(ligne).to_contain_text(en_euros(Decimal("3240")))
    avis = fournisseur.lien(f"Télécharger l'avis de paiement de {demande.numero}")
    assert fournisseur.telecharger(avis).startswith(b"%PDF-")
    vigie.regarder(fournisseur.page)
