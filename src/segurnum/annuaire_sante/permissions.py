"""Who may do what of an extract and of the counts that were given: nobody confirms what is his own (GST-028)."""

from typing import TypeVar

from segurnum.annuaire_sante.models import Extrait, PropositionComptages
from segurnum.comptes.auteurs import ROLES
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.regles.cycles import EnumLibelle, Transition, gestes_permis
from segurnum.regles.cycles_annuaire import COMPTAGES, EXTRAIT, GesteComptages, GesteExtrait

S = TypeVar("S", bound=EnumLibelle)
G = TypeVar("G", bound=EnumLibelle)


def gestes_de_l_extrait(utilisateur: Utilisateur, extrait: Extrait) -> list[GesteExtrait]:
    sien = extrait.auteur_id == utilisateur.pk
    permis = _du_cycle(EXTRAIT, extrait.statut, utilisateur)
    return [geste for geste in permis if not (sien and geste is GesteExtrait.CONFIRMER)]


def gestes_des_comptages(utilisateur: Utilisateur, proposition: PropositionComptages) -> list[GesteComptages]:
    """Who gave them takes them back; anybody else confirms or refuses them."""
    sien = proposition.auteur_id == utilisateur.pk
    permis = _du_cycle(COMPTAGES, proposition.statut, utilisateur)
    return [geste for geste in permis if (geste is GesteComptages.RETIRER) is sien]


def _du_cycle(table: tuple[Transition[S, G], ...], statut: S, utilisateur: Utilisateur) -> list[G]:
    du_role = gestes_permis(table, statut, ROLES[Profil(utilisateur.profil)])
    return [geste for geste in du_role if peut(utilisateur, geste)]
