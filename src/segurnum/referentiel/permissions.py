"""Who maintains the reference data."""

from segurnum.comptes.models import PROFILS_INSTRUCTEURS, Utilisateur


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Case officers and the administration write; deciders and accountants read (GST-009)."""
    return utilisateur.profil in PROFILS_INSTRUCTEURS
