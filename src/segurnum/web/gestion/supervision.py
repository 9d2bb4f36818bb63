"""« Droits » and « Lectures »: who may make each gesture and open each document, and who did (XCT-009)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes import droits
from segurnum.comptes.models import Profil
from segurnum.fichiers import permissions
from segurnum.fichiers.documents import Genre
from segurnum.fichiers.lectures import USAGES, dites, toutes
from segurnum.fichiers.permissions import est_suivi
from segurnum.regles.gestes import GesteSupervision
from segurnum.seuil.acces import Requete, administration, page_de, reserve_a
from segurnum.web.kits.colonnes import contient, parmi
from segurnum.web.kits.navigation import Onglet
from segurnum.web.kits.tableau import Colonne, Tableau


@dataclass(frozen=True)
class Vue:
    """One of the tables: what it holds, and how its rows are read."""

    libelle: str
    legende: str
    resume: str
    titres: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    nommee: int  # the column that names a row

    @property
    def tableau(self) -> Tableau:
        colonnes = (
            Colonne(f"c{rang}", titre, cellule=str(rang), titre=rang == self.nommee)
            for rang, titre in enumerate(self.titres)
        )
        return Tableau("liste-droits", self.legende, tuple(colonnes))


VUES = {
    "gestes": Vue(
        "Gestes",
        "Qui peut faire quoi",
        "Administrateur, déposant et lecteur sont les rôles des personnes d'une entreprise, pour leur entreprise "
        "seulement. Un geste est possible à qui en a le droit, au statut qui le permet.",
        droits.TITRES,
        tuple(droits.lignes()),
        nommee=1,
    ),
    "documents": Vue(
        "Documents",
        "Qui ouvre quel document",
        "« Au journal » : chaque lecture est un geste, inscrit avant que rien ne soit montré.",
        permissions.TITRES,
        tuple(permissions.lignes()),
        nommee=0,
    ),
}


@page_de(reserve_a(GesteSupervision.SUPERVISER))
def tables(requete: Requete) -> HttpResponse:
    """The gestures first; the documents by the second tab."""
    vue = VUES.get(requete.GET.get("vue", ""), VUES["gestes"])
    contexte = {
        "titre": "Droits",
        "resume": vue.resume,
        "legende_onglets": "Droits, par objet",
        "onglets": [
            Onglet(autre.libelle, f"{reverse('gestion:droits')}?vue={code}", autre is vue)
            for code, autre in VUES.items()
        ],
        "affiche": vue.tableau.montrer(vue.lignes),
    }
    return render(requete, "gestion/liste.html", contexte)


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
def lectures(requete: Requete) -> HttpResponse:
    """The last readings first."""
    contexte = {
        "titre": "Lectures de documents personnels",
        "fil": "Lectures",
        "resume": "Qui a affiché ou téléchargé une pièce d'identité, un RIB, un IBAN entier ou un export, et quand ; "
        "la plus récente d'abord.",
        "affiche": TABLEAU.lire(toutes(), requete.GET, presenter=dites),
    }
    return render(requete, "gestion/liste.html", contexte)
