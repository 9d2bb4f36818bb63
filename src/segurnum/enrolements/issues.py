"""The officers' ways out of what waits for an applicant: to ask for nothing more, to write to the right address.

Closing with a reason is a rejection (`services.rejeter`): the number is free again, and may be enrolled anew.
"""

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.enrolements import cycle, liens, suivi
from segurnum.enrolements.jointes import retirer
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers import services as fichiers
from segurnum.journal.cycle import noter
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible, exiger_motif
from segurnum.regles.gestes import GesteDepotEnrolement


@transaction.atomic
def reprendre(*, enrolement: int, auteur: Auteur, motif: str) -> Enrolement:
    """Ask for nothing more, and instruct again: what was added and not handed over goes."""
    ligne = cycle.verrouiller(enrolement)
    pas = cycle.passage(ligne, GesteEnrolement.REPRENDRE, auteur, motif)
    for retiree in retirer(ligne, ligne.pieces.filter(confirmee=False), auteur=auteur):
        fichiers.oublier(retiree.fichier)
    return cycle.franchir(ligne, pas, auteur, motif=motif)


@reserve(GesteDepotEnrolement.CORRIGER_COURRIEL)
@transaction.atomic
def corriger_courriel(*, enrolement: int, auteur: Auteur, courriel: str, motif: str) -> None:
    """The address that receives every mail was mistyped. What waits there is written again, to the right one.

    Until an access is open, it is also the one that the account will have. The rejection is written again too: what a
    stranger received opens nothing any more. The journal keeps the reason, no address.
    """
    exiger_motif(motif)
    ligne = cycle.verrouiller(enrolement)
    if ligne.statut is StatutEnrolement.VALIDEE:
        raise GesteImpossible(
            f"Aucun courriel n'est plus attendu : le statut est « {ligne.statut.libelle} »."
        )
    if courriel.lower() == ligne.courriel.lower():
        raise GesteImpossible("Cette adresse est déjà celle de la demande.", champ="courriel")
    if not ligne.ouvre_l_acces:
        _corriger_la_declaration(ligne, courriel)
    ligne.courriel = courriel
    # The links that the wrong address received open nothing any more, whether or not others take their place.
    suivi.fermer(ligne)
    ligne.empreinte_lien = ""
    ligne.suivi_expire_le = cycle.fin_du_suivi(ligne.statut)
    suivant = suivi.ouvrir(ligne)
    attendu = liens.renouveler(ligne) if suivant and liens.attend_des_pieces(ligne) else None
    ligne.save()
    noter(ligne, GesteDepotEnrolement.CORRIGER_COURRIEL, auteur, avant=ligne.statut, motif=motif)
    cycle.ecrire(ligne, "M110", suivi=suivant)
    if attendu is not None:
        cycle.ecrire(ligne, "M08", **attendu)
    if ligne.statut is StatutEnrolement.REJETEE:
        cycle.ecrire(ligne, "M04", suivi=suivant)


def _corriger_la_declaration(ligne: Enrolement, courriel: str) -> None:
    """The person whose address it was: the depositor, else the legal representative."""
    for role in ("depositaire", "representant"):
        personne = (ligne.donnees or {}).get(role)
        if personne:
            personne["courriel"] = courriel
            return
