"""Who may do what about the model documents: predicates, for the pages, their buttons and the menus."""

from segurnum.comptes.droits import droit_de, peut
from segurnum.comptes.models import Utilisateur
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.queries import enrolements_de_la_vague_2
from segurnum.regles.cycles import Acteur, gestes_permis
from segurnum.regles.cycles_modeles import MODELE, GesteModele
from segurnum.regles.gestes import GesteEntreprise


def peut_importer(utilisateur: Utilisateur) -> bool:
    """The screen is a supplier's, with an enrolment of the second wave that opens the portal (FRM-013, EXP-008).

    A reader of this company looks at it.
    """
    profils = droit_de(GesteEntreprise.IMPORTER_MODELE).profils
    if utilisateur.profil not in profils or utilisateur.entreprise is None:
        return False
    return bool(enrolements_de_la_vague_2(utilisateur.entreprise))


def gestes(utilisateur: Utilisateur, modele: ModeleDocument) -> list[GesteModele]:
    """What this officer may do of a document now."""
    permis = gestes_permis(MODELE, modele.statut, Acteur.GESTIONNAIRE)
    return [geste for geste in permis if peut(utilisateur, geste)]
