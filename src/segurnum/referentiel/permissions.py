"""Who maintains the reference data."""

from segurnum.comptes.auteurs import ROLES
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.referentiel.models import Projet
from segurnum.regles.cycles import gestes_permis
from segurnum.regles.cycles_reglages import PROJET, GesteProjet
from segurnum.regles.gestes import GesteReference


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Case officers and the administration write; deciders and accountants read (GST-009)."""
    return peut(utilisateur, GesteReference.TENIR_REFERENTIEL)


# What is somebody else's than the author's to do.
_D_UN_AUTRE = frozenset({GesteProjet.APPROUVER, GesteProjet.REFUSER})


def gestes_du_projet(utilisateur: Utilisateur, projet: Projet) -> list[GesteProjet]:
    """What this person may do of a proposal: nobody approves his own (GST-027, GST-029)."""
    du_cycle = gestes_permis(PROJET, projet.statut, ROLES[Profil(utilisateur.profil)])
    sien = projet.auteur_id == utilisateur.pk
    return [geste for geste in du_cycle if peut(utilisateur, geste) and (geste in _D_UN_AUTRE) != sien]
