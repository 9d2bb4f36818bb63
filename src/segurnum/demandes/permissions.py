"""Who may do what to a request: the table of rights and the life cycle, asked together."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes.models import Demande
from segurnum.regles.cycles import DEMANDE, GesteDemande, gestes_permis
from segurnum.regles.gestes import GesteDepot

# Told by the service that refuses and by the screen that foretells it (GST-034).
MEME_PERSONNE = (
    "Vous avez validé cette demande : la décision doit être prise par une autre personne que vous."
)


def peut_deposer(utilisateur: Utilisateur) -> bool:
    """A reader looks; an administrator or a depositor acts for the company."""
    return peut(utilisateur, GesteDepot.SAISIR)


def gestes(utilisateur: Utilisateur, demande: Demande) -> list[GesteDemande]:
    """The gestures that this person may make on this request now, in the life cycle's order."""
    qui = auteur(utilisateur)
    permis = [
        geste for geste in gestes_permis(DEMANDE, demande.statut, qui.role) if peut(qui, geste, demande)
    ]
    if demande.valideur_id == utilisateur.pk:
        # Who validated does not decide (GST-034).
        permis = [geste for geste in permis if geste is not GesteDemande.DECIDER]
    return permis
