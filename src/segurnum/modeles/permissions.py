"""Who may do what about the model documents: predicates, for the pages, their buttons and the menus."""

from segurnum.comptes.droits import droit_de, peut
from segurnum.comptes.models import Utilisateur
from segurnum.modeles.queries import enrolements_de_la_vague_2
from segurnum.regles.cycles_modeles import GesteModele
from segurnum.regles.gestes import GesteEntreprise


def peut_importer(utilisateur: Utilisateur) -> bool:
    """The screen is a supplier's, with an enrolment of the second wave that opens the portal (FRM-013, EXP-008).

    A reader of this company looks at it.
    """
    profils = droit_de(GesteEntreprise.IMPORTER_MODELE).profils
    if utilisateur.profil not in profils or utilisateur.entreprise is None:
        return False
    return bool(enrolements_de_la_vague_2(utilisateur.entreprise))


def peut_instruire(utilisateur: Utilisateur) -> bool:
    return peut(utilisateur, GesteModele.ACCEPTER)
