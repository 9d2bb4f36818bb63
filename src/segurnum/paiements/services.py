"""Money gestures: decide on an envelope, put into payment, record what the bank did."""

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.comptes_bancaires import identite
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes import separation
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import verrouiller as verrouiller_demande
from segurnum.demandes.models import Demande
from segurnum.demandes.separation import Role
from segurnum.fichiers import services as fichiers
from segurnum.grand_livre.plan import Operation
from segurnum.paiements import comptes, cycle, documents, ecritures, enveloppes, lettres
from segurnum.paiements.models import Decision, Versement
from segurnum.paiements.queries import exiger_sans_recouvrement, recouvre
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import EtatPaiement, GestePaiement
from segurnum.regles.erreurs import GesteImpossible

DEMANDE_ANNULEE = "Demande annulée"


@transaction.atomic
def decider(*, demande: int, auteur: Auteur) -> Decision:
    """Decide the payment of a validated request, within its envelope (REQ-024, GST-016, GST-034).

    Takes the status, the budget, the payment line and the decision letter, all at once.
    """
    ligne = verrouiller_demande(demande)
    compte = _tenir_le_compte(ligne)
    demandes.passer_decidee(demande=ligne, auteur=auteur, details=identite(compte) if compte else {})
    pas = cycle.ouvrir(ligne, auteur)
    montant = _montant_a_decider(ligne)
    instant = calendrier.maintenant()  # one for the validity of the envelope and for the decision
    decision = Decision.objects.create(
        demande=ligne,
        enveloppe=enveloppes.engager(ligne.dsr, montant, instant),
        decideur_id=auteur.personne,
        montant=montant,
        prise_le=instant,
    )
    ecritures.sur_decision(decision, Operation.ENGAGEMENT, auteur)
    versement = _ouvrir_versement(decision, pas, comptes.compte_actif(decision))
    demandes.noter_paiement(demande=ligne, etat=versement.etat)
    lettres.joindre(decision, versement.compte_bancaire, auteur=auteur)
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
            "Un solde qui ne donne rien se clôt sans versement ; un trop-perçu se recouvre."
        )
    return montant


def _ouvrir_versement(
    decision: Decision, pas: cycle.Passage, compte: CoordonneesBancaires, compense: Decimal = Decimal(0)
) -> Versement:
    return Versement.objects.create(
        decision=decision,
        compense=compense,
        type=decision.demande.type,
        etat=cycle.arrivee(pas),
        montant_decide=decision.montant,
        compte_bancaire=compte,
    )


@transaction.atomic
def annuler(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Cancel a request, and give back to its envelope what was decided and not yet paid.

    A paid request is not cancelled so: what was paid has to be recovered first.
    """
    ligne = verrouiller_demande(demande)
    exiger_sans_recouvrement(ligne)
    avenant = demandes.passer_annulee(demande=ligne, auteur=auteur, motif=motif)
    decision = Decision.objects.filter(demande=demande).first()
    if decision is not None:
        _rendre(decision, auteur)
        lettres.marquer_annulee(decision, motif, auteur=auteur)
    return avenant


def _rendre(decision: Decision, auteur: Auteur) -> None:
    vivants = list(decision.versements.select_for_update().exclude(etat=EtatPaiement.REJETE))
    a_rendre = decision.montant - recouvre(decision)  # what came back is in the envelope already
    if a_rendre > 0 and any(versement.mis_en_paiement_le is not None for versement in vivants):
        raise GesteImpossible(
            "Cette demande est déjà mise en paiement : son annulation passe par un ordre de recouvrement total."
        )
    _exiger_sans_compensation(decision)
    if a_rendre > 0:
        enveloppes.rendre(decision.enveloppe_id, a_rendre)
        operation = Operation.ANNULATION if vivants else Operation.ANNULATION_DE_REJETE
        ecritures.sur_decision(decision, operation, auteur)
    for versement in vivants:
        if versement.etat is EtatPaiement.EFFECTUE:
            continue
        versement.motif_rejet = DEMANDE_ANNULEE
        pas = cycle.passage(versement, GestePaiement.ANNULER, auteur, DEMANDE_ANNULEE)
        cycle.franchir(versement, pas, auteur, motif=DEMANDE_ANNULEE)


def _exiger_sans_compensation(decision: Decision) -> None:
    """What is kept on a payment settled a debt: it is owed again before the payment goes."""
    dernier = decision.versements.order_by("-pk").first()
    if dernier is not None and dernier.compense > 0 and dernier.etat is not EtatPaiement.EFFECTUE:
        raise GesteImpossible(
            "Une compensation est retenue sur ce paiement : le comptable la retire d'abord, sur la page du "
            "recouvrement (un paiement rejeté se réémet avant)."
        )


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
    ecritures.sur_versement(ligne, Operation.MISE_EN_PAIEMENT, auteur)
    return cycle.franchir(ligne, pas, auteur)


@transaction.atomic
def constater(*, versement: int, auteur: Auteur, montant: Decimal, jour: date) -> Versement:
    """Record the transfer and issue its notice. The amount paid is the amount decided, always (REQ-065)."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.CONSTATER, auteur)
    _exiger_de_payer(ligne, GestePaiement.CONSTATER, auteur)
    if ligne.mis_en_paiement_le is None:
        raise GesteImpossible("Ce versement n'est pas encore mis en paiement.")
    if montant != ligne.net:
        moins = f", moins {en_euros(ligne.compense)} compensés" if ligne.compense else ""
        raise GesteImpossible(
            f"Le montant payé ({en_euros(montant)}) doit être le montant décidé "
            f"({en_euros(ligne.montant_decide)}{moins}).",
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
    ecritures.paiement(ligne, auteur)
    passer(ligne, pas, auteur)
    demandes.recalculer_le_solde(avance=ligne.decision.demande)
    return ligne


@transaction.atomic
def rejeter(*, versement: int, auteur: Auteur, motif: str) -> Versement:
    """Record that the bank refused the payment, and why."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.REJETER, auteur, motif)
    _exiger_de_payer(ligne, GestePaiement.REJETER, auteur)
    ligne.motif_rejet = motif
    remis = ligne.mis_en_paiement_le is not None
    ecritures.sur_versement(ligne, Operation.REJET if remis else Operation.REJET_SANS_REMISE, auteur)
    return passer(ligne, pas, auteur, motif=motif)


@transaction.atomic
def reemettre(*, versement: int, auteur: Auteur) -> Versement:
    """Issue a refused payment again, as a new line of the same account: the refused one stays in the follow-up."""
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.REEMETTRE, auteur)
    _exiger_de_payer(ligne, GestePaiement.REEMETTRE, auteur)
    # The last one alone: an older one has neither its account nor what was kept on it since.
    if ligne.decision.versements.filter(pk__gt=ligne.pk).exists():
        raise GesteImpossible("Ce versement a déjà été réémis.")
    # What was kept on the refused payment settled a debt: it is kept on this one.
    nouveau = _ouvrir_versement(ligne.decision, pas, ligne.compte_bancaire, ligne.compense)
    ecritures.sur_versement(nouveau, Operation.REEMISSION, auteur)
    return passer(nouveau, pas, auteur)


def _exiger_de_payer(versement: Versement, geste: GestePaiement, auteur: Auteur) -> None:
    separation.separer(versement.decision.demande, Role.PAYER, geste, auteur)


def passer(
    versement: Versement,
    pas: cycle.Passage,
    auteur: Auteur,
    *,
    motif: str = "",
    dits: Mapping[str, Any] | None = None,
) -> Versement:
    """Make the step, and repeat the payment's state on its request, for the lists. `dits`: more for its mail."""
    cycle.franchir(versement, pas, auteur, motif=motif, dits=dits)
    demandes.noter_paiement(demande=versement.decision.demande, etat=versement.etat)
    return versement
