"""Who moves credits."""

from segurnum.comptes.auteurs import ROLES
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.grand_livre.models import Mouvement
from segurnum.regles.cycles import gestes_permis
from segurnum.regles.cycles_enveloppes import MOUVEMENT, GesteMouvement


def gestes_du_mouvement(utilisateur: Utilisateur, mouvement: Mouvement) -> list[GesteMouvement]:
    """What this person may do of a movement: its author takes it back, another judges it."""
    du_cycle = gestes_permis(MOUVEMENT, mouvement.statut, ROLES[Profil(utilisateur.profil)])
    sien = mouvement.auteur_id == utilisateur.pk
    return [
        geste for geste in du_cycle if peut(utilisateur, geste) and (geste is GesteMouvement.RETIRER) == sien
    ]
