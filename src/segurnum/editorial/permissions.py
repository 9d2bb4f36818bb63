"""Who publishes and who answers: pure predicates. News are read by those whom `models.AUDIENCES` names."""

from segurnum.comptes.models import Profil, Utilisateur

REDACTEURS = (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)


def peut_rediger(utilisateur: Utilisateur) -> bool:
    """Officers publish and answer; those who decide and those who pay do not."""
    return utilisateur.profil in REDACTEURS
