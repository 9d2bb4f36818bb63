"""Who may do what to a request: pure predicates, for the services' callers and for the screens' buttons."""

from segurnum.comptes.auteurs import ROLES
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Role, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.regles.cycles import DEMANDE, GesteDemande, gestes_permis

# Told by the service that refuses and by the screen that foretells it (GST-034).
MEME_PERSONNE = (
    "Vous avez validé cette demande : la décision doit être prise par une autre personne que vous."
)


def peut_deposer(utilisateur: Utilisateur) -> bool:
    """A reader looks; an administrator or a depositor acts for the company."""
    return utilisateur.profil in PROFILS_ENTREPRISE and utilisateur.role != Role.LECTEUR


def gestes(utilisateur: Utilisateur, demande: Demande) -> list[GesteDemande]:
    """The gestures that this person may make on this request now, in the life cycle's order."""
    role = ROLES.get(Profil(utilisateur.profil))
    if role is None or (utilisateur.profil in PROFILS_ENTREPRISE and not peut_deposer(utilisateur)):
        return []
    permis = gestes_permis(DEMANDE, demande.statut, role)
    if demande.valideur_id == utilisateur.pk:
        # Who validated does not decide (GST-034).
        permis = [geste for geste in permis if geste is not GesteDemande.DECIDER]
    return permis
