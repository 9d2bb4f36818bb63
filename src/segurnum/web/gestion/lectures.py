"""Who read an identity document, a RIB, a whole IBAN, an export: for who supervises (XCT-009)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Genre
from segurnum.fichiers.lectures import toutes
from segurnum.fichiers.permissions import Usage, est_suivi
from segurnum.journal.models import Evenement
from segurnum.seuil.acces import Requete, reserve_a
from segurnum.web.kits.filtres import contient, parmi
from segurnum.web.kits.tableau import Colonne, Tableau

USAGES = {Usage.VOIR: "Affichage", Usage.TELECHARGER: "Téléchargement"}


@dataclass(frozen=True)
class Ligne:
    """One reading, in the words of the screen."""

    instant: datetime
    qui: str
    profil: str
    genre: str
    sujet: str
    usage: str


def _par_personne(lignes: Any, texte: str) -> Any:
    return lignes.filter(acteur__username__icontains=texte)


TABLEAU = Tableau(
    "liste-lectures",
    "Lectures inscrites au journal",
    (
        Colonne("instant", "Date", None, ("pk",), cellule="instant|instant", insecable=True),
        Colonne("qui", "Identifiant", _par_personne, ("acteur__username",)),
        Colonne("profil", "Profil", parmi("role", lambda: Profil.choices)),
        Colonne(
            "genre",
            "Document",
            parmi("details__genre", lambda: [(g.value, g.libelle) for g in Genre if est_suivi(g)]),
        ),
        Colonne("sujet", "Dossier", contient("details__sujet")),
        Colonne("usage", "Lecture", parmi("geste", USAGES.items)),
    ),
    ordre=("-pk",),
)


@reserve_a(Profil.ADMINISTRATION)
@require_safe
def liste(requete: Requete) -> HttpResponse:
    """The last readings first."""
    contexte = {
        "titre": "Lectures de documents personnels",
        "fil": "Lectures",
        "resume": "Qui a affiché ou téléchargé une pièce d'identité, un RIB, un IBAN entier ou un export, et quand ; "
        "la plus récente d'abord.",
        "affiche": TABLEAU.lire(toutes(), requete.GET, presenter=_lignes),
    }
    return render(requete, "gestion/liste.html", contexte)


def _lignes(evenements: list[Evenement]) -> list[Ligne]:
    return [_ligne(evenement) for evenement in evenements]


def _ligne(evenement: Evenement) -> Ligne:
    return Ligne(
        instant=evenement.instant,
        qui=evenement.acteur.get_username() if evenement.acteur else "",
        profil=Profil(evenement.role).label,
        genre=Genre(evenement.details["genre"]).libelle,
        sujet=evenement.details["sujet"],
        usage=USAGES[Usage(evenement.geste)],
    )
