"""Who may do what to a request: the table of rights and the life cycle, asked together."""

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes import separation
from segurnum.demandes.models import Demande
from segurnum.demandes.separation import Role
from segurnum.regles.cycles import DEMANDE, GesteDemande, TypeDemande, gestes_permis
from segurnum.regles.gestes import GesteDepot

# The gestures that whoever held another role on the dossier does not make (GST-034).
SEPARES = {
    GesteDemande.VALIDER: Role.VALIDER,
    GesteDemande.DECIDER: Role.DECIDER,
    GesteDemande.REFUSER: Role.DECIDER,
    GesteDemande.CLORE_SANS_VERSEMENT: Role.DECIDER,
}


def peut_deposer(utilisateur: Utilisateur) -> bool:
    """A reader looks; an administrator or a depositor acts for the company."""
    return peut(utilisateur, GesteDepot.SAISIR)


def gestes(utilisateur: Utilisateur, demande: Demande) -> list[GesteDemande]:
    """The gestures that this person may make on this request now, in the life cycle's order."""
    qui = auteur(utilisateur)
    permis = [
        geste for geste in gestes_permis(DEMANDE, demande.statut, qui.role) if peut(qui, geste, demande)
    ]
    # What gives nothing more is closed, what does is decided.
    permis = [geste for geste in permis if geste is not _sans_objet(demande)]
    return [geste for geste in permis if not _empeche(utilisateur, demande, geste)]


def _sans_objet(demande: Demande) -> GesteDemande:
    rien = demande.type is TypeDemande.SOLDE and (demande.montant_decide or 0) <= 0
    return GesteDemande.DECIDER if rien else GesteDemande.CLORE_SANS_VERSEMENT


def empechement(utilisateur: Utilisateur, demande: Demande) -> str:
    """Why this person, who could otherwise, does not validate or decide this request; empty for no reason."""
    qui = auteur(utilisateur)
    phrases = (
        _empeche(utilisateur, demande, geste)
        for geste in gestes_permis(DEMANDE, demande.statut, qui.role)
        if peut(qui, geste, demande) and geste is not _sans_objet(demande)
    )
    return next((phrase for phrase in phrases if phrase), "")


def _empeche(utilisateur: Utilisateur, demande: Demande, geste: GesteDemande) -> str:
    """The same as the service will say."""
    if geste not in SEPARES:
        return ""
    tenu = separation.empechement(demande, SEPARES[geste], utilisateur.pk)
    return tenu.phrase(geste) if tenu else ""
