"""Who may do what about the company's own data: pure predicates, for the pages and their buttons."""

from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Role, Utilisateur


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Who stands for the company and where its money goes is for its administrators alone; the others look."""
    return utilisateur.profil in PROFILS_ENTREPRISE and utilisateur.role == Role.ADMINISTRATEUR


def peut_instruire(utilisateur: Utilisateur) -> bool:
    return utilisateur.profil == Profil.GESTIONNAIRE
