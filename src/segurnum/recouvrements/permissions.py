"""Who may do what to a recovery order: the table of rights and the life cycle, asked together."""

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Utilisateur
from segurnum.demandes import separation
from segurnum.demandes.models import Demande
from segurnum.demandes.separation import Role
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.cycles import EtatPaiement, StatutDemande, gestes_permis
from segurnum.regles.cycles_recouvrements import (
    RECOUVREMENT,
    REGLER,
    GesteRecouvrement,
)
from segurnum.regles.erreurs import GesteImpossible

MEME_PERSONNE = "Vous avez proposé ce recouvrement : le titre doit être émis par une autre personne que vous."
# The gestures that whoever held another role on the dossier does not make (GST-034).
SEPARES = {GesteRecouvrement.EMETTRE: Role.DECIDER} | dict.fromkeys(REGLER, Role.PAYER)


def gestes(utilisateur: Utilisateur, ligne: Recouvrement) -> list[GesteRecouvrement]:
    """The gestures that this person may make on this order now."""
    return [geste for geste in _du_profil(utilisateur, ligne) if not _pourquoi(utilisateur, ligne, geste)]


def empechement(utilisateur: Utilisateur, ligne: Recouvrement) -> str:
    """Why this person, who could otherwise, does not issue or settle it; empty for no reason."""
    phrases = (_pourquoi(utilisateur, ligne, geste) for geste in _du_profil(utilisateur, ligne))
    return next((phrase for phrase in phrases if phrase), "")


def _du_profil(utilisateur: Utilisateur, ligne: Recouvrement) -> list[GesteRecouvrement]:
    qui = auteur(utilisateur)
    return [geste for geste in gestes_permis(RECOUVREMENT, ligne.statut, qui.role) if peut(qui, geste)]


def _pourquoi(utilisateur: Utilisateur, ligne: Recouvrement, geste: GesteRecouvrement) -> str:
    """The same as the service will say."""
    if geste not in SEPARES:
        return ""
    if geste is GesteRecouvrement.EMETTRE and utilisateur.pk == ligne.proposant_id:
        return MEME_PERSONNE
    tenu = separation.empechement(ligne.demande, SEPARES[geste], utilisateur.pk)
    return tenu.phrase(geste) if tenu else ""


def exiger_une_autre_personne(auteur: Auteur, ligne: Recouvrement, geste: GesteRecouvrement) -> None:
    """Money is asked back, and settled, by as many people as it was decided and paid; the company is held."""
    if geste is GesteRecouvrement.EMETTRE and auteur.cle is not None and auteur.cle == ligne.proposant_id:
        raise GesteImpossible(MEME_PERSONNE)
    separation.separer(ligne.demande, SEPARES[geste], geste, auteur)


def gestes_sur(utilisateur: Utilisateur, demande: Demande) -> list[GesteRecouvrement]:
    """What may be proposed of a request: to ask back what was paid of it."""
    payee = demande.statut is StatutDemande.DECIDEE and demande.etat_paiement is EtatPaiement.EFFECTUE
    propose = payee and peut(utilisateur, GesteRecouvrement.PROPOSER)
    return [GesteRecouvrement.PROPOSER] if propose else []
