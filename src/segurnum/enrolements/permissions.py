"""Who may do what to an enrolment: predicates, for the screens' buttons and menus."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.enrolements import liens
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import attend_ses_certificats, qui_deposent_par_formulaire
from segurnum.regles.cycles import gestes_permis
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement, StatutEnrolement
from segurnum.regles.gestes import GesteDepotEnrolement


def gestes(utilisateur: Utilisateur, enrolement: Enrolement) -> list[GesteEnrolement]:
    """The gestures that this person may make on this enrolment now, in the life cycle's order.

    An enrolment is accepted in one way: partially when it is anticipated and its certificates are still to come.
    """
    qui = auteur(utilisateur)
    permis = [
        geste
        for geste in gestes_permis(ENROLEMENT, enrolement.statut, qui.role)
        if peut(qui, geste, enrolement)
    ]
    if GesteEnrolement.ACCEPTER_PARTIELLEMENT in permis:
        partielle = attend_ses_certificats(enrolement)
        autre = GesteEnrolement.ACCEPTER if partielle else GesteEnrolement.ACCEPTER_PARTIELLEMENT
        permis.remove(autre)
    return permis


def peut_confirmer_l_entreprise(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    """Once all is said there is nothing left to confirm."""
    clos = enrolement.statut in (StatutEnrolement.VALIDEE, StatutEnrolement.REJETEE)
    attendue = enrolement.entreprise_a_verifier and not clos
    return attendue and peut(utilisateur, GesteDepotEnrolement.CONFIRMER_ENTREPRISE)


def peut_renvoyer_le_lien(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    """The mail of an applicant without account was lost, or read by somebody else."""
    attendu = peut(utilisateur, GesteDepotEnrolement.RENVOYER_LIEN) and liens.attend_des_pieces(enrolement)
    return attendu and liens.repond_par_lien(enrolement)


def peut_corriger_le_courriel(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    """Until its account is what is written to: a rejection is read by somebody, who may not be its applicant."""
    return enrolement.statut is not StatutEnrolement.VALIDEE and peut(
        utilisateur, GesteDepotEnrolement.CORRIGER_COURRIEL
    )


def peut_changer_le_regime(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    rejete = enrolement.statut is StatutEnrolement.REJETEE
    return not rejete and peut(utilisateur, GesteDepotEnrolement.CHANGER_REGIME)


def depose_par_formulaire(utilisateur: Utilisateur) -> bool:
    """« Ma demande de financement » is the operator's, and whose company has such a number besides others."""
    if utilisateur.profil == Profil.OPERATEUR or utilisateur.entreprise is None:
        return utilisateur.profil == Profil.OPERATEUR
    return qui_deposent_par_formulaire(utilisateur.entreprise).exists()
