"""Who may manage whom."""

from segurnum.comptes.models import PROFILS_INSTRUCTEURS, Role, Utilisateur


def peut_gerer_les_utilisateurs(utilisateur: Utilisateur) -> bool:
    """A company's administrators, for their company only (GST-033)."""
    return not utilisateur.est_agent and utilisateur.role == Role.ADMINISTRATEUR


def peut_lire_les_identites(utilisateur: Utilisateur) -> bool:
    """Who decides and who pays need nobody's identity document: only the profiles that instruct read them."""
    return utilisateur.profil in PROFILS_INSTRUCTEURS
