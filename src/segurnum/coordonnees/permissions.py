"""Who may do what about the company's own data: for the pages and their buttons."""

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.coordonnees.models import Modification
from segurnum.regles.cycles import Acteur, gestes_permis
from segurnum.regles.cycles_coordonnees import GesteModification


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Who stands for the company and where its money goes is for its administrators alone; the others look."""
    return peut(utilisateur, GesteModification.SOUMETTRE)


def gestes(utilisateur: Utilisateur, modification: Modification) -> list[GesteModification]:
    """What this officer may do of a change now."""
    permis = gestes_permis(modification.TABLE, modification.statut, Acteur.GESTIONNAIRE)
    return [geste for geste in permis if peut(utilisateur, geste)]
