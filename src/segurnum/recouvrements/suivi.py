"""Following a dossier whole: its requests (`demandes.suivi`), and the sums that its supplier pays back."""

from collections.abc import Iterator
from datetime import datetime

from segurnum.demandes.models import Dossier
from segurnum.demandes.suivi import VOUS, Attendu, Suivi
from segurnum.demandes.suivi import suivi as suivi_des_demandes
from segurnum.recouvrements.queries import du_dossier, dus
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr


def suivi(dossier: Dossier, instant: datetime) -> Suivi:
    """What happened and what is awaited: a request that a title still waits for is not said to wait for nothing."""
    lu, titres = suivi_des_demandes(dossier, instant), tuple(_a_reverser(dossier))
    occupees = {attendu.demande for attendu in titres}
    restent = (a for a in lu.attendus if not (a.de_personne and a.demande in occupees))
    return Suivi((*titres, *restent), lu.moments)


def _a_reverser(dossier: Dossier) -> Iterator[Attendu]:
    for titre in dus(du_dossier(dossier)):
        jusqu_au = f", jusqu'au {date_fr(titre.echeance)} inclus" if titre.echeance else ""
        quoi = f"reversez {en_euros(titre.reste)} (titre de recette {titre.numero}{jusqu_au})"
        yield Attendu(titre.demande, quoi, VOUS)
