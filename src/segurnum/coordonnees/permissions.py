"""Who may do what about the company's own data: for the pages and their buttons."""

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.regles.cycles_coordonnees import GesteModification


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Who stands for the company and where its money goes is for its administrators alone; the others look."""
    return peut(utilisateur, GesteModification.SOUMETTRE)


def peut_instruire(utilisateur: Utilisateur) -> bool:
    return peut(utilisateur, GesteModification.ACCEPTER)
