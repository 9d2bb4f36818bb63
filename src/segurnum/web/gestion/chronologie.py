"""The journal of a dossier, in the words of the screens (GST-032)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from segurnum.journal.models import Evenement
from segurnum.regles.cycles import (
    Acteur,
    EnumLibelle,
    EtatPaiement,
    GesteDemande,
    GestePaiement,
    StatutDemande,
)

_DEPOT = {"DEPOSER": "Dépôt"}
_PAIEMENT = "PAIEMENT_"


@dataclass(frozen=True)
class Etape:
    """One line of the timeline. `avant` and `apres` are labels, empty when the gesture moves nothing."""

    instant: datetime
    qui: str
    role: str
    geste: str
    objet: str
    avant: str
    apres: str
    motif: str


def chronologie(evenements: Iterable[Evenement], dossier: str) -> list[Etape]:
    """Every event, newest first. A payment's events name the dossier, a request's its own number."""
    etapes = [_etape(evenement, dossier) for evenement in evenements]
    return etapes[::-1]


def _etape(evenement: Evenement, dossier: str) -> Etape:
    paiement = evenement.geste.startswith(_PAIEMENT)
    etats: type[EnumLibelle] = EtatPaiement if paiement else StatutDemande
    deplace = evenement.avant != evenement.apres
    return Etape(
        instant=evenement.instant,
        qui=_nom(evenement),
        role=_libelle(Acteur, evenement.role),
        geste=_geste(evenement.geste),
        objet=evenement.details.get("numero", dossier),
        avant=_libelle(etats, evenement.avant) if deplace else "",
        apres=_libelle(etats, evenement.apres) if deplace else "",
        motif=evenement.motif,
    )


def _nom(evenement: Evenement) -> str:
    if evenement.acteur is None:
        return Acteur.SYSTEME.libelle
    return evenement.acteur.get_full_name() or evenement.acteur.get_username()


def _geste(code: str) -> str:
    if code.startswith(_PAIEMENT):
        return _libelle(GestePaiement, code.removeprefix(_PAIEMENT))
    return _DEPOT.get(code) or _libelle(GesteDemande, code)


def _libelle(valeurs: type[EnumLibelle], code: str) -> str:
    """The text of a code; the code itself for one that has left the tables since it was written."""
    return next((valeur.libelle for valeur in valeurs if valeur == code), code)
