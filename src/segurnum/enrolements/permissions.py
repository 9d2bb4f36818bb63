"""Who may do what to an enrolment: pure predicates, for the screens' buttons."""

from segurnum.comptes.auteurs import ROLES
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles import gestes_permis
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement


def gestes(utilisateur: Utilisateur, enrolement: Enrolement) -> list[GesteEnrolement]:
    """The gestures that this person may make on this enrolment now, in the life cycle's order.

    An enrolment is accepted in one way: partially when it is anticipated and its certificates are still to come.
    """
    role = ROLES.get(Profil(utilisateur.profil))
    if role is None:
        return []
    permis = gestes_permis(ENROLEMENT, enrolement.statut_enum, role)
    if GesteEnrolement.ACCEPTER_PARTIELLEMENT in permis:
        autre = GesteEnrolement.ACCEPTER if enrolement.anticipe else GesteEnrolement.ACCEPTER_PARTIELLEMENT
        permis.remove(autre)
    return permis
