"""Who may do what about the company's own data: for the pages and their buttons."""

from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.coordonnees import banque
from segurnum.coordonnees.models import Modification, ModificationBancaire
from segurnum.demandes import separation
from segurnum.regles.cycles import Acteur, gestes_permis
from segurnum.regles.cycles_coordonnees import GesteModification

ACCEPTATIONS_D_UN_COMPTE = (
    GesteModification.ACCEPTER,
    GesteModification.PROPOSER,
    GesteModification.CONTRESIGNER,
)


def peut_modifier(utilisateur: Utilisateur) -> bool:
    """Who stands for the company and where its money goes is for its administrators alone; the others look."""
    return peut(utilisateur, GesteModification.SOUMETTRE)


def gestes(utilisateur: Utilisateur, modification: Modification) -> list[GesteModification]:
    """What this officer may do of a change now: of an account, by one person or by two, and never two times by one."""
    permis = gestes_permis(modification.TABLE, modification.statut, Acteur.GESTIONNAIRE)
    possibles = [geste for geste in permis if peut(utilisateur, geste)]
    if isinstance(modification, ModificationBancaire):
        attendu = banque.geste_d_acceptation(modification)
        interdits = set(ACCEPTATIONS_D_UN_COMPTE) - {attendu, GesteModification.CONTRESIGNER}
        if empechement(utilisateur, modification):
            interdits = set(ACCEPTATIONS_D_UN_COMPTE)
        possibles = [geste for geste in possibles if geste not in interdits]
    return possibles


def empechement(utilisateur: Utilisateur, modification: Modification) -> str:
    """Why this officer does not accept, or confirm, this account; empty when nothing prevents it."""
    permis = gestes_permis(modification.TABLE, modification.statut, Acteur.GESTIONNAIRE)
    acceptations = [geste for geste in permis if geste in ACCEPTATIONS_D_UN_COMPTE]
    if (
        not isinstance(modification, ModificationBancaire)
        or not acceptations
        or not peut(utilisateur, acceptations[0])
    ):
        return ""
    if GesteModification.CONTRESIGNER in acceptations and modification.instructeur_id == utilisateur.pk:
        return banque.MEME_ACCEPTANT
    tenu = separation.empechement_d_accepter(modification.entreprise, utilisateur.pk)
    return tenu.phrase(acceptations[0]) if tenu else ""
