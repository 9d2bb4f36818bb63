"""Money gestures: decide on an envelope, put into payment, record what the bank did."""

import io
from datetime import date
from decimal import Decimal

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import verrouiller as verrouiller_demande
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.permissions import MEME_PERSONNE
from segurnum.demandes.recalcul import exiger_montants_intacts
from segurnum.fichiers import services as fichiers
from segurnum.paiements import cycle, documents
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.paiements.queries import enveloppes_de
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import EtatPaiement, GestePaiement, StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

DEMANDE_ANNULEE = "Demande annulée"


@transaction.atomic
def decider(*, demande: int, auteur: Auteur) -> Decision:
    """Decide the payment of a validated request, within its envelope (REQ-024, GST-016, GST-034).

    Takes the status, the budget, the payment line and the decision letter, all at once.
    """
    ligne = verrouiller_demande(demande)
    if ligne.valideur_id is not None and ligne.valideur_id == auteur.cle:
        raise GesteImpossible(MEME_PERSONNE)
    if ligne.statut is StatutDemande.VALIDEE:
        exiger_montants_intacts(ligne)
    demandes.passer_decidee(demande=ligne, auteur=auteur)
    pas = cycle.ouvrir(ligne, auteur)
    montant = _montant_a_decider(ligne)
    decision = Decision.objects.create(
        demande=ligne,
        enveloppe=_engager(ligne, montant),
        decideur_id=auteur.personne,
        montant=montant,
        prise_le=calendrier.maintenant(),
    )
    versement = _ouvrir_versement(decision, pas)
    demandes.noter_paiement(demande=ligne, etat=versement.etat)
    _joindre_lettre(decision, versement.compte_bancaire)
    return decision


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


def _ouvrir_versement(decision: Decision, pas: cycle.Passage) -> Versement:
    return Versement.objects.create(
        decision=decision,
        type=decision.demande.type,
        etat=cycle.arrivee(pas),
        montant_decide=decision.montant,
        compte_bancaire=_compte_a_payer(decision),
    )


def _compte_a_payer(decision: Decision) -> CoordonneesBancaires:
    compte = decision.demande.entreprise.compte_actif
    if compte is None:
        raise GesteImpossible(
            "L'entreprise n'a pas de coordonnées bancaires actives : aucun paiement n'est possible."
        )
    return compte


def _joindre_lettre(decision: Decision, compte: CoordonneesBancaires) -> None:
    """The avance and the solde of a dossier have each their own."""
    demande = decision.demande
    suite = "_solde" if demande.type is TypeDemande.SOLDE else ""
    nom = f"decision_attribution{suite}_{demande.dossier.numero}"
    octets = documents.lettre_de_decision(decision, compte)
    PieceJustificative.objects.create(
        demande=demande,
        nom=f"{nom}.pdf",
        type=nom,
        origine=PieceJustificative.Origine.AGENCE,
        fichier=fichiers.deposer(flux=io.BytesIO(octets)),
        depose_le=decision.prise_le,
    )


def _marquer_la_lettre(decision: Decision, motif: str) -> None:
    """Whoever opens it from now on reads that its decision is cancelled, on every avenant of the request."""
    siennes = PieceJustificative.objects.filter(
        demande__numero=decision.demande.numero,
        origine=PieceJustificative.Origine.AGENCE,
        type__startswith="decision_attribution",
    )
    versement = decision.versements.order_by("pk").select_related("compte_bancaire").first()
    if versement is None or not siennes.exists():
        return
    mention = f"Décision annulée le {calendrier.date_longue(calendrier.maintenant())}. Motif : {motif}"
    octets = documents.lettre_de_decision(decision, versement.compte_bancaire, annulation=mention)
    siennes.update(fichier=fichiers.deposer(flux=io.BytesIO(octets)))


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
        _marquer_la_lettre(decision, motif)
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
    """Record that the payment was handed to the bank, on the account that is active today."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.METTRE_EN_PAIEMENT, auteur)
    if ligne.mis_en_paiement_le is not None:
        raise GesteImpossible("Ce versement est déjà mis en paiement.")
    ligne.compte_bancaire = _compte_a_payer(ligne.decision)
    ligne.mis_en_paiement_le = calendrier.maintenant()
    return cycle.franchir(ligne, pas, auteur)


@transaction.atomic
def constater(*, versement: int, auteur: Auteur, montant: Decimal, jour: date) -> Versement:
    """Record the transfer and issue its notice. The amount paid is the amount decided, always (REQ-065)."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.CONSTATER, auteur)
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
    ligne.motif_rejet = motif
    return _passer(ligne, pas, auteur, motif=motif)


@transaction.atomic
def reemettre(*, versement: int, auteur: Auteur) -> Versement:
    """Issue a refused payment again, as a new line: the refused one stays in the follow-up."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.REEMETTRE, auteur)
    if ligne.decision.versements.exclude(etat=EtatPaiement.REJETE).exists():
        raise GesteImpossible("Ce versement a déjà été réémis.")
    return _passer(_ouvrir_versement(ligne.decision, pas), pas, auteur)


def _passer(versement: Versement, pas: cycle.Passage, auteur: Auteur, *, motif: str = "") -> Versement:
    """Make the step, and repeat the payment's state on its request, for the lists."""
    cycle.franchir(versement, pas, auteur, motif=motif)
    demandes.noter_paiement(demande=versement.decision.demande, etat=versement.etat)
    return versement
