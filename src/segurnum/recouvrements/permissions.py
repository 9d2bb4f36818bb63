"""Who may do what to a recovery order: the table of rights and the life cycle, asked together."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes.models import Demande
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.cycles import EtatPaiement, StatutDemande, gestes_permis
from segurnum.regles.cycles_recouvrements import (
    RECOUVREMENT,
    GesteRecouvrement,
    StatutRecouvrement,
)
from segurnum.regles.erreurs import GesteImpossible

MEME_PERSONNE = "Vous avez proposé ce recouvrement : le titre doit être émis par une autre personne que vous."
MEME_VALIDEUR = "Vous avez validé cette demande : le titre doit être émis par une autre personne que vous."


def gestes(utilisateur: Utilisateur, ligne: Recouvrement) -> list[GesteRecouvrement]:
    """The gestures that this person may make on this order now."""
    qui = auteur(utilisateur)
    permis = [g for g in gestes_permis(RECOUVREMENT, ligne.statut, qui.role) if peut(qui, g)]
    if _pourquoi(utilisateur.pk, ligne):
        permis = [geste for geste in permis if geste is not GesteRecouvrement.EMETTRE]
    return permis


def empechement(utilisateur: Utilisateur, ligne: Recouvrement) -> str:
    """Why a decider does not issue what waits for a decider; empty otherwise."""
    attend = ligne.statut is StatutRecouvrement.PROPOSE and peut(utilisateur, GesteRecouvrement.EMETTRE)
    return _pourquoi(utilisateur.pk, ligne) if attend else ""


def _pourquoi(personne: int | None, ligne: Recouvrement) -> str:
    if personne is not None and personne == ligne.proposant_id:
        return MEME_PERSONNE
    return MEME_VALIDEUR if personne is not None and personne == ligne.demande.valideur_id else ""


def exiger_une_autre_personne(personne: int | None, ligne: Recouvrement) -> None:
    """Who issues neither proposed nor validated: the money is asked back by two people, as it was decided."""
    if pourquoi := _pourquoi(personne, ligne):
        raise GesteImpossible(pourquoi)


def gestes_sur(utilisateur: Utilisateur, demande: Demande) -> list[GesteRecouvrement]:
    """What may be proposed of a request: to ask back what was paid of it."""
    payee = demande.statut is StatutDemande.DECIDEE and demande.etat_paiement is EtatPaiement.EFFECTUE
    propose = payee and peut(utilisateur, GesteRecouvrement.PROPOSER)
    return [GesteRecouvrement.PROPOSER] if propose else []
