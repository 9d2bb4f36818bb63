"""Who may do what about the model documents: predicates, for the pages, their buttons and the menus."""

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.modeles.queries import enrolements_de_la_vague_2


def peut_importer(utilisateur: Utilisateur) -> bool:
    """The screen is a supplier's, with an enrolment of the second wave that opens the portal (FRM-013, EXP-008)."""
    if utilisateur.profil != Profil.FOURNISSEUR or utilisateur.entreprise is None:
        return False
    return bool(enrolements_de_la_vague_2(utilisateur.entreprise))


def peut_instruire(utilisateur: Utilisateur) -> bool:
    return utilisateur.profil == Profil.GESTIONNAIRE
