"""Money gestures: decide on an envelope, put into payment, record what the bank did."""

import io
from datetime import date
from decimal import Decimal

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.comptes_bancaires import identite
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes import separation
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import verrouiller as verrouiller_demande
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.separation import Role
from segurnum.fichiers import services as fichiers
from segurnum.paiements import comptes, cycle, documents
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.paiements.queries import enveloppes_de
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import EtatPaiement, GestePaiement, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

DEMANDE_ANNULEE = "Demande annulée"


@transaction.atomic
def decider(*, demande: int, auteur: Auteur) -> Decision:
    """Decide the payment of a validated request, within its envelope (REQ-024, GST-016, GST-034).

    Takes the status, the budget, the payment line and, for an avance, the decision letter, all at once.
    """
    ligne = verrouiller_demande(demande)
    compte = _tenir_le_compte(ligne)
    demandes.passer_decidee(demande=ligne, auteur=auteur, details=identite(compte) if compte else {})
    pas = cycle.ouvrir(ligne, auteur)
    montant = _montant_a_decider(ligne)
    decision = Decision.objects.create(
        demande=ligne,
        enveloppe=_engager(ligne, montant),
        decideur_id=auteur.personne,
        montant=montant,
        prise_le=calendrier.maintenant(),
    )
    versement = _ouvrir_versement(decision, pas, comptes.compte_actif(decision))
    demandes.noter_paiement(demande=ligne, etat=versement.etat)
    if ligne.type is TypeDemande.AVANCE:
        _joindre_lettre(decision, versement.compte_bancaire)
    return decision


def _tenir_le_compte(demande: Demande) -> CoordonneesBancaires | None:
    """The active account of the company, held: no other takes its place before the decision has fixed it."""
    separation.tenir(demande.entreprise)
    return demande.entreprise.compte_actif


def _montant_a_decider(demande: Demande) -> Decimal:
    montant = demande.montant_decide
    if montant is None or montant <= 0:
        raise GesteImpossible(
            f"Le montant à décider est de {en_euros(montant or Decimal(0))} : rien n'est à payer. "
            "Un trop-perçu se règle par un ordre de recouvrement."
        )
    return montant


def _engager(demande: Demande, montant: Decimal) -> Enveloppe:
    enveloppe = enveloppes_de(demande.dsr).select_for_update().first()
    if enveloppe is None:
        raise GesteImpossible(
            f"Aucune enveloppe budgétaire ne finance {demande.dsr} : ouvrez-en une avant de décider."
        )
    reste = enveloppe.montant - enveloppe.decide
    if montant > reste:
        raise GesteImpossible(
            f"L'enveloppe « {enveloppe.libelle} » ne suffit pas : il reste {en_euros(reste)} "
            f"et la décision est de {en_euros(montant)}."
        )
    enveloppe.decide += montant
    enveloppe.save(update_fields=["decide"])
    return enveloppe


def _ouvrir_versement(decision: Decision, pas: cycle.Passage, compte: CoordonneesBancaires) -> Versement:
    return Versement.objects.create(
        decision=decision,
        type=decision.demande.type,
        etat=cycle.arrivee(pas),
        montant_decide=decision.montant,
        compte_bancaire=compte,
    )


def _joindre_lettre(decision: Decision, compte: CoordonneesBancaires) -> None:
    nom = f"decision_attribution_{decision.demande.dossier.numero}"
    octets = documents.lettre_de_decision(decision, compte)
    PieceJustificative.objects.create(
        demande=decision.demande,
        nom=f"{nom}.pdf",
        type=nom,
        origine=PieceJustificative.Origine.AGENCE,
        fichier=fichiers.deposer(flux=io.BytesIO(octets)),
        depose_le=decision.prise_le,
    )


@transaction.atomic
def annuler(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Cancel a request, and give back to its envelope what was decided and not yet paid.

    A paid request is not cancelled so: what was paid has to be recovered first.
    """
    ligne = verrouiller_demande(demande)
    avenant = demandes.passer_annulee(demande=ligne, auteur=auteur, motif=motif)
    decision = Decision.objects.filter(demande=demande).first()
    if decision is not None:
        _rendre(decision, auteur)
    return avenant


def _rendre(decision: Decision, auteur: Auteur) -> None:
    vivants = list(decision.versements.select_for_update().exclude(etat=EtatPaiement.REJETE))
    if any(versement.mis_en_paiement_le is not None for versement in vivants):
        raise GesteImpossible(
            "Cette demande est déjà mise en paiement : son annulation passe par un ordre de recouvrement total."
        )
    enveloppe = Enveloppe.objects.select_for_update().get(pk=decision.enveloppe_id)
    enveloppe.decide -= decision.montant
    enveloppe.save(update_fields=["decide"])
    for versement in vivants:
        versement.motif_rejet = DEMANDE_ANNULEE
        pas = cycle.passage(versement, GestePaiement.ANNULER, auteur, DEMANDE_ANNULEE)
        cycle.franchir(versement, pas, auteur, motif=DEMANDE_ANNULEE)


@transaction.atomic
def mettre_en_paiement(*, versement: int, auteur: Auteur) -> Versement:
    """Record that the payment was handed to the bank, on the account of its decision, if it still is the company's."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.METTRE_EN_PAIEMENT, auteur)
    _exiger_de_payer(ligne, GestePaiement.METTRE_EN_PAIEMENT, auteur)
    if ligne.mis_en_paiement_le is not None:
        raise GesteImpossible("Ce versement est déjà mis en paiement.")
    comptes.exiger_le_compte_de_la_decision(ligne)
    ligne.mis_en_paiement_le = calendrier.maintenant()
    return cycle.franchir(ligne, pas, auteur)


@transaction.atomic
def constater(*, versement: int, auteur: Auteur, montant: Decimal, jour: date) -> Versement:
    """Record the transfer and issue its notice. The amount paid is the amount decided, always (REQ-065)."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.CONSTATER, auteur)
    _exiger_de_payer(ligne, GestePaiement.CONSTATER, auteur)
    if ligne.mis_en_paiement_le is None:
        raise GesteImpossible("Ce versement n'est pas encore mis en paiement.")
    if montant != ligne.montant_decide:
        raise GesteImpossible(
            f"Le montant payé ({en_euros(montant)}) doit être le montant décidé ({en_euros(ligne.montant_decide)}).",
            champ="montant",
        )
    if (
        not calendrier.jour_de_paris(ligne.mis_en_paiement_le)
        <= jour
        <= calendrier.jour_de_paris(calendrier.maintenant())
    ):
        raise GesteImpossible(
            "La date du virement doit être comprise entre la mise en paiement "
            f"({calendrier.date_fr(ligne.mis_en_paiement_le)}) et aujourd'hui.",
            champ="jour",
        )
    ligne.montant_paye, ligne.paye_le = montant, jour
    octets = documents.avis_de_paiement(ligne)
    ligne.avis = fichiers.deposer(flux=io.BytesIO(octets))
    return _passer(ligne, pas, auteur)


@transaction.atomic
def rejeter(*, versement: int, auteur: Auteur, motif: str) -> Versement:
    """Record that the bank refused the payment, and why."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.REJETER, auteur, motif)
    _exiger_de_payer(ligne, GestePaiement.REJETER, auteur)
    ligne.motif_rejet = motif
    return _passer(ligne, pas, auteur, motif=motif)


@transaction.atomic
def reemettre(*, versement: int, auteur: Auteur) -> Versement:
    """Issue a refused payment again, as a new line of the same account: the refused one stays in the follow-up."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.REEMETTRE, auteur)
    _exiger_de_payer(ligne, GestePaiement.REEMETTRE, auteur)
    if ligne.decision.versements.exclude(etat=EtatPaiement.REJETE).exists():
        raise GesteImpossible("Ce versement a déjà été réémis.")
    return _passer(_ouvrir_versement(ligne.decision, pas, ligne.compte_bancaire), pas, auteur)


def _exiger_de_payer(versement: Versement, geste: GestePaiement, auteur: Auteur) -> None:
    separation.separer(versement.decision.demande, Role.PAYER, geste, auteur)


def _passer(versement: Versement, pas: cycle.Passage, auteur: Auteur, *, motif: str = "") -> Versement:
    """Make the step, and repeat the payment's state on its request, for the lists."""
    cycle.franchir(versement, pas, auteur, motif=motif)
    demandes.noter_paiement(demande=versement.decision.demande, etat=versement.etat)
    return versement
