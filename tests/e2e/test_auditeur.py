"""A dossier from its deposit to an overpayment that came back, then all of it read by an auditor, in a browser."""

from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import expect

from e2e.visiteurs import Portail, Surveillance, Visiteur
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.essais.falsifications import constater, de_force
from segurnum.grand_livre.controle import verifier as verifier_le_grand_livre
from segurnum.installation.services import ecrire_les_tetes, verifier_le_journal
from segurnum.journal.cycle import noter
from segurnum.paiements import services as paiements
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.web.tests import depot as web

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

MOTIF = "La commande a été résiliée pour partie."
NOMS = {
    Profil.GESTIONNAIRE: ("Inès", "Valide"),
    Profil.DECIDEUR: ("Denis", "Décide"),
    Profil.COMPTABLE: ("Paule", "Paye"),
    Profil.AUDITEUR: ("Aude", "Audite"),
}


@pytest.fixture
def equipe(transactional_db: None) -> dict[Profil, Utilisateur]:
    """People with names: an auditor reads those, not identifiers."""
    return {
        profil: usines.utilisateur(profil, first_name=prenom, last_name=nom)
        for profil, (prenom, nom) in NOMS.items()
    }


def _payee(deposant: Deposant, equipe: dict[Profil, Utilisateur]) -> Demande:
    """What the other walks show: deposited, validated, decided, paid."""
    noter(deposant.enrolement, "DEPOSER", PORTAIL)
    constater()
    (demande,) = web.en_cours(deposant)
    demandes.valider(demande=demande.pk, auteur=auteur(equipe[Profil.GESTIONNAIRE]))
    decision = paiements.decider(demande=demande.pk, auteur=auteur(equipe[Profil.DECIDEUR]))
    comptable = auteur(equipe[Profil.COMPTABLE])
    versement = paiements.mettre_en_paiement(versement=decision.versements.get().pk, auteur=comptable)
    paiements.constater(
        versement=versement.pk, auteur=comptable, montant=decision.montant, jour=jour_de_paris(maintenant())
    )
    demande.refresh_from_db()
    return demande


def _recouvrer(portail: Portail, equipe: dict[Profil, Utilisateur], demande: Demande) -> Recouvrement:
    """Asked back by the officer, issued by the decider, recorded by the accountant."""
    gestionnaire = portail.entrer(equipe[Profil.GESTIONNAIRE])
    gestionnaire.page.goto(f"/segurnums/gestion/demandes/{demande.numero}")
    gestionnaire.page.locator("summary", has_text="Proposer un recouvrement").click()
    gestionnaire.page.get_by_text("Une partie de ce qui a été versé").click()
    gestionnaire.page.get_by_label("Montant à recouvrer").fill("100,01")
    gestionnaire.page.get_by_label("Motif du recouvrement").fill(MOTIF)
    gestionnaire.bouton("Proposer un recouvrement").click()
    gestionnaire.lire("un décideur l'émettra")
    titre = Recouvrement.objects.get()
    adresse = f"/segurnums/gestion/recouvrements/{titre.pk}"
    decideur = portail.entrer(equipe[Profil.DECIDEUR])
    decideur.page.goto(adresse)
    decideur.page.locator("summary", has_text="Émettre le titre de recette").click()
    decideur.bouton("Émettre le titre de recette").click()
    decideur.lire("est émis, et le débiteur averti")
    comptable = portail.entrer(equipe[Profil.COMPTABLE])
    comptable.page.goto(adresse)
    comptable.page.locator("summary", has_text="Enregistrer un remboursement").click()
    comptable.page.get_by_label("Montant reçu").fill("100,01")
    comptable.page.get_by_label("Date du virement reçu").fill(jour_de_paris(maintenant()).isoformat())
    comptable.page.get_by_label("Référence du virement").fill("VIR-77")
    comptable.page.get_by_label("SIRET de qui a payé").fill(titre.entreprise.siret)
    comptable.bouton("Enregistrer un remboursement").click()
    comptable.lire("porte ce remboursement")
    titre.refresh_from_db()
    return titre


def _noms(*profils: Profil) -> list[str]:
    return [" ".join(NOMS[profil]) for profil in profils]


def _montre(auditrice: Visiteur, adresse: str, vigie: Surveillance, *phrases: str) -> None:
    auditrice.page.goto(f"/segurnums/gestion/{adresse}")
    for phrase in phrases:
        expect(auditrice.page.locator("main")).to_contain_text(phrase)
    vigie.regarder(auditrice.page)


@pytest.mark.exigence("GST-019", "GST-032", "GST-034")
def test_une_auditrice_lit_un_dossier_du_depot_au_trop_percu_recouvre(
    portail: Portail,
    surveillance: Surveillance,
    deposant: Deposant,
    equipe: dict[Profil, Utilisateur],
    tmp_path: Path,
    settings: object,
) -> None:
    settings.JOURNAL_TETES = tmp_path / "tetes"  # type: ignore[attr-defined]
    demande = _payee(deposant, equipe)
    titre = _recouvrer(portail, equipe, demande)
    ecrire_les_tetes()
    assert verifier_le_journal(tetes=tmp_path / "tetes").anomalies == 0
    assert verifier_le_grand_livre().anomalies == 0
    instruit, decide, paye = _noms(Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE)
    verse = en_euros(demande.montant_decide or 0)  # type: ignore[arg-type]
    jour = date_fr(maintenant())

    auditrice = portail.entrer(equipe[Profil.AUDITEUR])
    surveillance.suivre(auditrice.page)
    auditrice.lire("Contrôle", "Aucune personne n'a tenu deux rôles sur un même dossier.")
    surveillance.regarder(auditrice.page)
    auditrice.page.get_by_label("N° de dossier", exact=False).fill(demande.dossier.numero)
    auditrice.bouton("Chercher").click()
    auditrice.lien(demande.numero).click()
    main = auditrice.page.locator("main")
    for phrase in (
        instruit,
        decide,
        verse,
        titre.nom,
        "Lettre de décision",
        f"decision_attribution_{demande.dossier.numero}",
    ):
        expect(main).to_contain_text(phrase)
    expect(main.locator("form[action*='/valider'], form[action*='recouvrement']")).to_have_count(0)
    surveillance.regarder(auditrice.page)
    _montre(auditrice, f"demandes/{demande.numero}/journal", surveillance, instruit, decide, paye, MOTIF)
    _montre(
        auditrice,
        f"recouvrements/{titre.pk}",
        surveillance,
        *(instruit, decide, paye, MOTIF, en_euros(titre.montant), "VIR-77", jour),
    )
    _montre(
        auditrice,
        f"grand-livre?dossier={demande.dossier.numero}",
        surveillance,
        *(decide, paye, verse, en_euros(titre.montant)),
    )
    _montre(auditrice, "enveloppes", surveillance, en_euros(titre.decision.enveloppe.reste))
    _montre(auditrice, f"journal?sur={demande.dossier.numero}", surveillance, instruit, decide, paye)

    with transaction.atomic():
        de_force(
            f"UPDATE recouvrements_reglement SET montant = 900 WHERE recouvrement_id = {titre.pk}",
            f"UPDATE demandes_demande SET montant_decide = montant_decide + 1 WHERE id = {demande.pk}",
        )
    assert verifier_le_journal(tetes=tmp_path / "tetes").anomalies
    assert verifier_le_grand_livre().anomalies
