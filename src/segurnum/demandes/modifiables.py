"""Until when the supplier may correct a request: its own delay, and the end of corrections that its window may have."""

from datetime import datetime

from segurnum.demandes.models import Demande
from segurnum.referentiel.queries import fenetre
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible


def fin_de_modification(demande: Demande) -> datetime | None:
    """The first instant that is too late; None where nothing is awaited or nothing limits it."""
    bornes = [demande.cloture_le]
    if demande.statut_enum is StatutDemande.A_MODIFIER:
        de_la_fenetre = fenetre(demande.dsr, demande.type_enum)
        bornes.append(de_la_fenetre.derniere_modification if de_la_fenetre else None)
    return min((borne for borne in bornes if borne is not None), default=None)


def delai_passe(demande: Demande) -> bool:
    """True once the time to correct is over, whether or not the request has gone back to instruction (MOD-023)."""
    fin = fin_de_modification(demande)
    return fin is not None and calendrier.maintenant() >= fin


def exiger_modifiable(demande: Demande) -> Demande:
    """The request, if it may be corrected now. Raises GesteImpossible, one second after the delay as a week after."""
    if demande.statut_enum is not StatutDemande.A_MODIFIER:
        raise GesteImpossible(
            f"Aucune modification n'est attendue : le statut est « {demande.statut_enum.libelle} »."
        )
    fin = fin_de_modification(demande)
    if fin is not None and calendrier.maintenant() >= fin:
        raise GesteImpossible(
            f"Le délai de modification s'est terminé le {calendrier.instant_long(fin)} : la demande est instruite en "
            "l'état. Ce que vous aviez saisi reste lisible ici."
        )
    return demande
