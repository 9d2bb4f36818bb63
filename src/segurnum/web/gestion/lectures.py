"""Who read an identity document, a RIB, a whole IBAN, an export: for who supervises (XCT-009)."""

from django.http import HttpResponse
from django.shortcuts import render

from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Genre
from segurnum.fichiers.lectures import USAGES, dites, toutes
from segurnum.fichiers.permissions import est_suivi
from segurnum.seuil.acces import Requete, administration, page_de
from segurnum.web.kits.filtres import contient, parmi
from segurnum.web.kits.tableau import Colonne, Tableau

GENRES = [(genre.value, genre.libelle) for genre in Genre if est_suivi(genre)]
TABLEAU = Tableau(
    "liste-lectures",
    "Lectures inscrites au journal",
    (
        Colonne("instant", "Date", None, ("pk",), cellule="instant|instant", insecable=True),
        Colonne("qui", "Identifiant", contient("acteur__username"), ("acteur__username",)),
        Colonne("profil", "Profil", parmi("role", lambda: Profil.choices)),
        Colonne("genre", "Document", parmi("details__genre", lambda: GENRES)),
        Colonne("sujet", "Dossier", contient("details__sujet")),
        Colonne("usage", "Lecture", parmi("geste", USAGES.items)),
    ),
    ordre=("-pk",),
)


@page_de(administration)
def liste(requete: Requete) -> HttpResponse:
    """The last readings first."""
    contexte = {
        "titre": "Lectures de documents personnels",
        "fil": "Lectures",
        "resume": "Qui a affiché ou téléchargé une pièce d'identité, un RIB, un IBAN entier ou un export, et quand ; "
        "la plus récente d'abord.",
        "affiche": TABLEAU.lire(toutes(), requete.GET, presenter=dites),
    }
    return render(requete, "gestion/liste.html", contexte)
