"""Until when the supplier may correct a request: told by one instant, written when the correction is asked."""

from datetime import datetime

from segurnum.demandes.models import Demande
from segurnum.referentiel.queries import fenetre
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible


def delais(demande: Demande) -> tuple[datetime | None, datetime]:
    """When to remind of a correction asked now (None: never), and the first instant that is too late for it.

    Ten and twenty calendar days later, unless corrections end sooner in the window of the request. Raises
    GesteImpossible where they have ended.
    """
    maintenant = calendrier.maintenant()
    rappel = calendrier.jours_apres(maintenant, calendrier.DELAI_RAPPEL)
    cloture = calendrier.jours_apres(maintenant, calendrier.DELAI_CLOTURE)
    de_la_fenetre = fenetre(demande.dsr, demande.type)
    fin = de_la_fenetre.fin_des_corrections if de_la_fenetre else None
    if fin is not None and fin <= maintenant:
        raise GesteImpossible(
            f"Les corrections de ce couloir sont closes depuis le {calendrier.instant_long(fin)} : "
            "instruisez la demande en l'état, ou demandez une pièce."
        )
    cloture = min(cloture, fin or cloture)
    return (rappel if rappel < cloture else None), cloture


def delai_passe(demande: Demande, instant: datetime) -> bool:
    """True once the time to correct is over, whether or not the request has gone back to instruction (MOD-023)."""
    return demande.cloture_le is not None and instant >= demande.cloture_le


def exiger_modifiable(demande: Demande, instant: datetime) -> Demande:
    """The request, if a gesture of this instant may correct it. Raises GesteImpossible, however late it is."""
    if demande.statut is not StatutDemande.A_MODIFIER:
        raise GesteImpossible(
            f"Aucune modification n'est attendue : le statut est « {demande.statut.libelle} »."
        )
    if demande.cloture_le is not None and delai_passe(demande, instant):
        raise GesteImpossible(
            f"Le délai de modification s'est terminé le {calendrier.instant_long(demande.cloture_le)} : "
            "la demande est instruite en l'état. Ce que vous aviez saisi reste lisible ici."
        )
    return demande
