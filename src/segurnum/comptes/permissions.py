"""Who may manage whom."""

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.regles.gestes import GesteEntreprise


def peut_gerer_les_utilisateurs(utilisateur: Utilisateur) -> bool:
    """A company's administrators, for their company only (GST-033)."""
    return peut(utilisateur, GesteEntreprise.GERER_UTILISATEURS)
