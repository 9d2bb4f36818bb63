"""The public home page (PUB-001 to PUB-012)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segurnum.couloirs import CouloirInconnu, par_dsr
from segurnum.referentiel.models import FenetreDepot
from segurnum.referentiel.queries import calendrier
from segurnum.regles.calendrier import EtatFenetre, maintenant
from segurnum.regles.cycles import TypeDemande


@dataclass(frozen=True)
class LigneCalendrier:
    """One window of the calendar, judged by the row that judges the deposits."""

    rubrique: str
    dsr: str
    type: str
    ouverture: datetime
    affichee: datetime
    report: str
    etat: EtatFenetre


def _ligne(fenetre: FenetreDepot, instant: datetime) -> LigneCalendrier:
    try:
        libelle = par_dsr(fenetre.dsr).libelle
    except CouloirInconnu:
        libelle = fenetre.dsr
    return LigneCalendrier(
        rubrique=libelle,
        dsr=fenetre.dsr,
        type=TypeDemande(fenetre.type).libelle,
        ouverture=fenetre.ouverture,
        affichee=fenetre.affichee,
        report=fenetre.report,
        etat=fenetre.en_regle().etat(instant),
    )


@login_not_required
@require_safe
def accueil(requete: HttpRequest) -> HttpResponse:
    instant = maintenant()
    return render(
        requete, "public/accueil.html", {"calendrier": [_ligne(fenetre, instant) for fenetre in calendrier()]}
    )
