"""Who maintains the reference data."""

from segurnum.comptes.models import Profil, Utilisateur

REDACTEURS = (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Case officers and the administration write; deciders and accountants read (GST-009)."""
    return utilisateur.profil in REDACTEURS
