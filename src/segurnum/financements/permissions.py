"""Who may do what about claims and contests: predicates, for the pages and their buttons."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes.models import Demande
from segurnum.financements.models import Contestation
from segurnum.financements.queries import Ajout, Concurrence
from segurnum.regles.cycles import StatutDemande, gestes_permis
from segurnum.regles.cycles_contestation import CONTESTATION, GesteContestation, StatutContestation
from segurnum.regles.gestes import GesteUnicite


def gestes(utilisateur: Utilisateur, contestation: Contestation) -> list[GesteContestation]:
    """What this officer may do of a contest now."""
    qui = auteur(utilisateur)
    permis = gestes_permis(CONTESTATION, contestation.statut, qui.role)
    return [geste for geste in permis if peut(qui, geste)]


def gestes_sur(
    utilisateur: Utilisateur, demande: Demande, ajoutes: list[Ajout], rivales: list[Concurrence]
) -> list[GesteUnicite]:
    """What an officer may do of a request about who claims its beneficiaries."""
    utiles = []
    if demande.statut is StatutDemande.EN_COURS and any(a.accord_donne is None for a in ajoutes):
        utiles.append(GesteUnicite.ACCORDER_AJOUT)
    if any(not r.ecartee and _a_ouvrir(r) for r in rivales):
        utiles.append(GesteUnicite.CONTESTER)
    return [geste for geste in utiles if peut(utilisateur, geste, demande)]


def _a_ouvrir(rivale: Concurrence) -> bool:
    return rivale.contestation is None or rivale.contestation.statut is StatutContestation.PROPOSEE
