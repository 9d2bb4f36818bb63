"""What the three officers do to a request: validate and decide, pay and record the transfer."""

from decimal import Decimal

from playwright.sync_api import expect

from e2e.visiteurs import Surveillance, Visiteur
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.regles.argent import en_euros

Equipe = dict[Profil, Visiteur]


def instruire(equipe: Equipe, demande: Demande, vigie: Surveillance, retenu: str = "") -> None:
    gestionnaire, decideur = equipe[Profil.GESTIONNAIRE], equipe[Profil.DECIDEUR]
    gestionnaire.bouton("Demandes").click()
    gestionnaire.lien("Demandes à instruire").click()
    vigie.regarder(gestionnaire.page)
    gestionnaire.lien(demande.numero).click()
    if piece := demande.pieces.first():
        if piece.nom.endswith(".txt"):
            expect(gestionnaire.page.get_by_role("region", name=piece.nom)).to_be_visible()
        else:
            dessin = gestionnaire.page.locator(".gestion-page")
            expect(dessin).to_have_attribute("alt", f"{piece.nom}, page 1 sur 1")
    vigie.regarder(gestionnaire.page)
    if retenu:
        gestionnaire.page.get_by_label("Montant hors taxe retenu").fill(retenu)
        gestionnaire.bouton("Recalculer").click()
        lignes = gestionnaire.page.get_by_role("table", name="Calcul, ligne à ligne")
        expect(lignes).to_contain_text(en_euros(Decimal(retenu)))
        gestionnaire.page.get_by_label("Motif de la réduction").fill("Un poste non livré.")
    gestionnaire.bouton("Valider").click()
    gestionnaire.lire(f"La demande {demande.numero} est validée.")
    vigie.regarder(gestionnaire.page)

    decideur.page.goto(f"/segurnums/gestion/demandes/{demande.numero}")
    vigie.regarder(decideur.page)
    decideur.bouton("Décider", exact=False).click()
    decideur.lire(f"La demande {demande.numero} est décidée.")


def payer(equipe: Equipe, demande: Demande, vigie: Surveillance) -> None:
    comptable = equipe[Profil.COMPTABLE]
    comptable.bouton("Paiements").click()
    comptable.lien("Paiements").click()
    vigie.regarder(comptable.page)
    comptable.bouton(f"Mettre en paiement {demande.numero}").click()
    comptable.lire(f"Le paiement de la demande {demande.numero} est mis en paiement.")
    comptable.lien("Virements à constater").click()
    comptable.page.locator("summary", has_text="Constater le virement").click()
    vigie.regarder(comptable.page)
    comptable.bouton("Constater le virement").click()
    comptable.lire(f"Le paiement de la demande {demande.numero} est constaté")
    comptable.lien("Paiements effectués").click()
    avis = comptable.telecharger(comptable.lien(f"Avis de paiement (PDF) de {demande.numero}"))
    assert avis.startswith(b"%PDF-")
