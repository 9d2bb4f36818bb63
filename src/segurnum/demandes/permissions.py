"""Who may do what to a request: the table of rights and the life cycle, asked together."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes.models import Demande
from segurnum.regles.cycles import DEMANDE, GesteDemande, TypeDemande, gestes_permis
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
    # Who validated does not decide (GST-034); what gives nothing more is closed, what does is decided.
    ecartes = _DECISIONS if demande.valideur_id == utilisateur.pk else {_sans_objet(demande)}
    return [geste for geste in permis if geste not in ecartes]


_DECISIONS = {GesteDemande.DECIDER, GesteDemande.CLORE_SANS_VERSEMENT}


def _sans_objet(demande: Demande) -> GesteDemande:
    rien = demande.type is TypeDemande.SOLDE and (demande.montant_decide or 0) <= 0
    return GesteDemande.DECIDER if rien else GesteDemande.CLORE_SANS_VERSEMENT
