"""Until when the supplier may answer what is asked of it: one instant, written when it is asked, judged on arrival."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from segurnum.demandes.models import Demande
from segurnum.referentiel.queries import fenetre
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible


def delais(demande: Demande) -> tuple[datetime | None, datetime]:
    """When to remind of a correction asked now (None: never), and the first instant that is too late for it.

    The delays that are set, unless corrections end sooner in the window of the request. Raises GesteImpossible where
    they have ended.
    """
    maintenant = calendrier.maintenant()
    de_la_fenetre = fenetre(demande.dsr, demande.type)
    fin = de_la_fenetre.fin_des_corrections if de_la_fenetre else None
    if fin is not None and fin <= maintenant:
        raise GesteImpossible(
            f"Les corrections de ce couloir sont closes depuis le {calendrier.instant_long(fin)} : "
            "instruisez la demande en l'état, ou demandez une pièce."
        )
    return _echeances(settings.DELAIS_MODIFICATION, fin)


def delais_de_piece() -> tuple[datetime | None, datetime]:
    """The same for a piece, which no window bounds."""
    return _echeances(settings.DELAIS_PIECE, None)


def _echeances(jours: Sequence[int], fin: datetime | None) -> tuple[datetime | None, datetime]:
    maintenant = calendrier.maintenant()
    rappel, cloture = (calendrier.jours_apres(maintenant, delai) for delai in jours)
    cloture = min(cloture, fin or cloture)
    return (rappel if rappel < cloture else None), cloture


def delai_passe(demande: Demande, instant: datetime) -> bool:
    """True once the time to answer is over, whether or not the request has gone back to instruction (MOD-023)."""
    return demande.cloture_le is not None and instant >= demande.cloture_le


def exiger_modifiable(demande: Demande, instant: datetime) -> Demande:
    """The request, if a gesture of this instant may correct it. Raises GesteImpossible, however late it is."""
    if demande.statut is not StatutDemande.A_MODIFIER:
        raise GesteImpossible(
            f"Aucune modification n'est attendue : le statut est « {demande.statut.libelle} »."
        )
    exiger_a_temps(demande, instant)
    return demande


_DE_QUOI = {
    StatutDemande.A_MODIFIER: ("de modification", " Ce que vous aviez saisi reste lisible ici."),
    StatutDemande.EN_ATTENTE_PIECE: ("pour ajouter une pièce", ""),
}


def exiger_a_temps(demande: Demande, instant: datetime) -> None:
    """Raise GesteImpossible when what is asked of the supplier is answered too late, whatever the sweeps have done."""
    if demande.cloture_le is not None and delai_passe(demande, instant):
        quoi, suite = _DE_QUOI[demande.statut]
        raise GesteImpossible(
            f"Le délai {quoi} s'est terminé le {calendrier.instant_long(demande.cloture_le)} : "
            f"la demande est instruite en l'état.{suite}"
        )
