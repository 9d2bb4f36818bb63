"""What goes back: a validation that is taken back, sent back or refused, what is no longer asked of the supplier."""

from datetime import date

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes import cycle, separation
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.demandes.queries import solde_vivant
from segurnum.demandes.separation import Role
from segurnum.regles import calendrier
from segurnum.regles.cycles import GesteDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible


@transaction.atomic
def reprendre_validation(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Take a validation back, until it is decided: the request is instructed again."""
    return _devalider(demande, GesteDemande.REPRENDRE_VALIDATION, auteur, motif)


@transaction.atomic
def renvoyer(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Send a validated request back to its instruction, instead of deciding it."""
    return _devalider(demande, GesteDemande.RENVOYER, auteur, motif)


def _devalider(demande: int, geste: GesteDemande, auteur: Auteur, motif: str) -> Demande:
    """Nobody has validated it any more; the journal keeps who had."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, geste, auteur, motif)
    ligne.valideur_id = ligne.valide_le = None
    return cycle.franchir(ligne, pas, auteur, motif=motif)


@transaction.atomic
def refuser(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Refuse to finance a validated request: a decision like another, told to the supplier."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, GesteDemande.REFUSER, auteur, motif)
    separation.separer(ligne, Role.DECIDER, GesteDemande.REFUSER, auteur)
    if ligne.type is TypeDemande.AVANCE and solde_vivant(ligne) is not None:
        raise GesteImpossible(
            "L'avance ne peut pas être refusée tant que le solde de ce dossier existe : rejetez ou annulez d'abord "
            "le solde."
        )
    # As for a rejection: what was validated is in the journal, and nothing of it will be paid.
    ligne.montant_decide, ligne.calcul = None, None
    return cycle.franchir(ligne, pas, auteur, motif=motif)


@transaction.atomic
def ne_plus_attendre(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Withdraw what was asked of the supplier: the request is instructed as it is, added pieces included."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, GesteDemande.RETIRER_ATTENTE, auteur, motif)
    BrouillonDemande.objects.filter(demande=ligne).delete()
    return cycle.franchir(ligne, pas, auteur, motif=motif)


@transaction.atomic
def avancer_echeance(*, demande: int, auteur: Auteur, motif: str, jour: date) -> Demande:
    """Have the supplier answer sooner, by the end of `jour`; what is asked for stays what it was."""
    ligne = cycle.verrouiller(demande)
    pas = cycle.passage(ligne, GesteDemande.AVANCER_ECHEANCE, auteur, motif)
    echeance = calendrier.fin_de_journee(jour)
    maintenant = calendrier.maintenant()
    if jour <= calendrier.jour_de_paris(maintenant):
        raise GesteImpossible("La nouvelle échéance doit être demain au plus tôt.", champ="jour")
    if ligne.cloture_le is not None and echeance >= ligne.cloture_le:
        raise GesteImpossible(
            f"La nouvelle échéance doit venir avant l'actuelle, le {calendrier.instant_long(ligne.cloture_le)}.",
            champ="jour",
        )
    ligne.cloture_le = echeance
    if ligne.rappel_le is not None and ligne.rappel_le >= echeance:
        ligne.rappel_le = None
    details = {"echeance": echeance.isoformat()}
    return cycle.franchir(ligne, pas, auteur, motif=motif, details=details, remplace=False)
