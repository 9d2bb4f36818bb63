"""Who may manage whom."""

from segurnum.comptes.models import Role, Utilisateur


def peut_gerer_les_utilisateurs(utilisateur: Utilisateur) -> bool:
    """A company's administrators, for their company only (GST-033)."""
    return not utilisateur.est_agent and utilisateur.role == Role.ADMINISTRATEUR
