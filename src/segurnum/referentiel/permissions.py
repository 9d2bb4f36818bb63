"""Who maintains the reference data."""

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.regles.gestes import GesteReference


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Case officers and the administration write; deciders and accountants read (GST-009)."""
    return peut(utilisateur, GesteReference.TENIR_REFERENTIEL)
