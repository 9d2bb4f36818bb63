"""What a bank gives back after all: a transfer that was recorded as made returns, days or weeks later."""

from datetime import date

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes import services as demandes
from segurnum.demandes.separation import Role, separer
from segurnum.paiements import cycle, ecritures
from segurnum.paiements.models import Versement
from segurnum.paiements.queries import exiger_sans_recouvrement, recouvre
from segurnum.paiements.services import passer
from segurnum.regles import calendrier
from segurnum.regles.cycles import GestePaiement
from segurnum.regles.erreurs import GesteImpossible


@transaction.atomic
def constater_retour(*, versement: int, auteur: Auteur, motif: str, jour: date) -> Versement:
    """Reopen a payment that came back: it is refused from now on, and may be issued again.

    The envelope keeps its commitment until the request is cancelled; the amounts of a solde wait again.
    """
    ligne = cycle.verrouiller(versement)
    pas = cycle.passage(ligne, GestePaiement.RETOURNER, auteur, motif)
    demande = ligne.decision.demande
    separer(demande, Role.PAYER, GestePaiement.RETOURNER, auteur)
    exiger_sans_recouvrement(demande)
    _exiger_entier(ligne)
    _exiger_le_jour(ligne, jour)
    ecritures.retour(ligne, auteur)
    ligne.motif_rejet, ligne.retourne_le = motif, jour
    passer(ligne, pas, auteur, motif=motif, dits={"jour": calendrier.date_fr(jour)})
    demandes.recalculer_le_solde(avance=demande)
    return ligne


def _exiger_entier(versement: Versement) -> None:
    """What was recovered did not come back with the transfer, and what was wholly offset was never transferred."""
    if recouvre(versement.decision) > 0:
        raise GesteImpossible(
            "Une partie de ce versement a déjà été recouvrée : il ne peut plus être rouvert. "
            "Recouvrez le reste, puis annulez la demande."
        )
    if versement.net == 0:
        raise GesteImpossible("Ce versement est entièrement compensé : aucun virement ne peut en revenir.")


def _exiger_le_jour(versement: Versement, jour: date) -> None:
    if versement.paye_le is None:
        raise AssertionError("un versement effectué a une date de paiement")
    if not versement.paye_le <= jour <= calendrier.jour_de_paris(calendrier.maintenant()):
        raise GesteImpossible(
            "La date du retour doit être comprise entre celle du virement "
            f"({calendrier.date_fr(versement.paye_le)}) et aujourd'hui.",
            champ="jour",
        )
