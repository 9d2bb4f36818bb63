"""Who may do what to an enrolment: predicates, for the screens' buttons and menus."""

from segurnum.comptes.auteurs import ROLES
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.enrolements import liens
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import attend_ses_certificats, qui_deposent_par_formulaire
from segurnum.regles.cycles import gestes_permis
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement


def gestes(utilisateur: Utilisateur, enrolement: Enrolement) -> list[GesteEnrolement]:
    """The gestures that this person may make on this enrolment now, in the life cycle's order.

    An enrolment is accepted in one way: partially when it is anticipated and its certificates are still to come.
    """
    role = ROLES.get(Profil(utilisateur.profil))
    if role is None:
        return []
    permis = gestes_permis(ENROLEMENT, enrolement.statut, role)
    if GesteEnrolement.ACCEPTER_PARTIELLEMENT in permis:
        partielle = attend_ses_certificats(enrolement)
        autre = GesteEnrolement.ACCEPTER if partielle else GesteEnrolement.ACCEPTER_PARTIELLEMENT
        permis.remove(autre)
    return permis


def peut_renvoyer_le_lien(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    """The mail of an applicant without account was lost, or read by somebody else."""
    attendu = utilisateur.profil == Profil.GESTIONNAIRE and liens.attend_des_pieces(enrolement)
    return attendu and liens.repond_par_lien(enrolement)


def depose_par_formulaire(utilisateur: Utilisateur) -> bool:
    """« Ma demande de financement » is the operator's, and whose company has such a number besides others."""
    if utilisateur.profil == Profil.OPERATEUR or utilisateur.entreprise is None:
        return utilisateur.profil == Profil.OPERATEUR
    return qui_deposent_par_formulaire(utilisateur.entreprise).exists()
