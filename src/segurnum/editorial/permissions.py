"""Who publishes and who answers: pure predicates. News are read by those whom `models.AUDIENCES` names."""

from segurnum.comptes.models import PROFILS_INSTRUCTEURS, Utilisateur


def peut_rediger(utilisateur: Utilisateur) -> bool:
    """Officers publish and answer; those who decide and those who pay do not."""
    return utilisateur.profil in PROFILS_INSTRUCTEURS
