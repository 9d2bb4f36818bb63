"""Why a solde cannot be validated yet: told by the service that refuses and by the page that offers nothing."""

from segurnum.annuaire_sante.causes import cause
from segurnum.demandes import montants
from segurnum.demandes.baremes import comptes_arretes
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.referentiel.queries import fenetre
from segurnum.regles.cycles import TypeDemande


def empechement(demande: Demande) -> str:
    """A solde waits for its avance to be decided (CON-35), and for its counts to be settled; empty when it waits for
    nothing.
    """
    if demande.type is not TypeDemande.SOLDE:
        return ""
    if not montants.avance_decidee(demande):
        return (
            "Le solde ne peut pas être validé : l'avance de ce dossier n'est pas encore décidée. "
            "Décidez d'abord l'avance."
        )
    if attente := montants.attente_de_l_avance(demande):
        return attente
    if comptes_arretes(demande.couloir, demande.type, donnees_courantes(demande)):
        return ""
    return (
        f"Le solde ne peut pas être validé : les nombres de BAL ne sont pas encore arrêtés. {_cause(demande)}"
    )


def _cause(demande: Demande) -> str:
    fenetre_solde = fenetre(demande.dsr, TypeDemande.SOLDE)
    if fenetre_solde is None:
        return "Aucune fenêtre de dépôt du solde ne dit à quelle date les compter."
    numero_ans = demande.dossier.enrolement.referencement.numero_ans
    return cause(numero_ans, fenetre_solde.compte_le)
