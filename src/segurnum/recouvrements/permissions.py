"""Who may do what to a recovery order: the table of rights and the life cycle, asked together."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes.models import Demande
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.cycles import EtatPaiement, StatutDemande, gestes_permis
from segurnum.regles.cycles_recouvrements import RECOUVREMENT, GesteRecouvrement


def gestes(utilisateur: Utilisateur, ligne: Recouvrement) -> list[GesteRecouvrement]:
    """The gestures that this person may make on this order now."""
    qui = auteur(utilisateur)
    permis = [g for g in gestes_permis(RECOUVREMENT, ligne.statut, qui.role) if peut(qui, g)]
    if utilisateur.pk in (ligne.proposant_id, ligne.demande.valideur_id):
        permis = [geste for geste in permis if geste is not GesteRecouvrement.EMETTRE]
    return permis


def gestes_sur(utilisateur: Utilisateur, demande: Demande) -> list[GesteRecouvrement]:
    """What may be proposed of a request: to ask back what was paid of it."""
    payee = demande.statut is StatutDemande.DECIDEE and demande.etat_paiement is EtatPaiement.EFFECTUE
    propose = payee and peut(utilisateur, GesteRecouvrement.PROPOSER)
    return [GesteRecouvrement.PROPOSER] if propose else []
