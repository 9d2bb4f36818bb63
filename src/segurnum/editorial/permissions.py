"""Who publishes and who answers. News are read by those whom `models.AUDIENCES` names."""

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.regles.gestes import GesteEditorial


def peut_rediger(utilisateur: Utilisateur) -> bool:
    """Officers publish and answer; those who decide and those who pay do not."""
    return peut(utilisateur, GesteEditorial.PUBLIER)
