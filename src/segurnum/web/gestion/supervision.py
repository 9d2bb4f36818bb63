"""« Droits » and « Lectures »: who may make each gesture and open each document, and who did (XCT-009)."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes import droits
from segurnum.comptes.models import Profil
from segurnum.fichiers import permissions
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.lectures import USAGES, dites, toutes
from segurnum.fichiers.permissions import est_suivi
from segurnum.installation.queries import nuits
from segurnum.installation.queries import relectures as relues
from segurnum.kits.colonnes import contient, parmi
from segurnum.kits.navigation import Onglet
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.seuil.acces import Requete, bouton_de, controleurs, page_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert


def _table(legende: str, titres: tuple[str, ...], nommee: int) -> Tableau:
    """One of the tables; `nommee`: the column that names a row."""
    colonnes = (
        Colonne(f"c{rang}", titre, cellule=str(rang), titre=rang == nommee)
        for rang, titre in enumerate(titres)
    )
    return Tableau("liste-droits", legende, tuple(colonnes))


# What each table is called, what it says, its rows.
VUES = {
    "gestes": (
        "Gestes",
        "Administrateur, déposant et lecteur sont les rôles des personnes d'une entreprise, pour leur entreprise "
        "seulement. Un geste est possible à qui en a le droit, au statut qui le permet.",
        _table("Qui peut faire quoi", droits.TITRES, nommee=1).montrer(droits.lignes()),
    ),
    "documents": (
        "Documents",
        "« Au journal » : chaque lecture est un geste, inscrit avant que rien ne soit montré.",
        _table("Qui ouvre quel document", permissions.TITRES, nommee=0).montrer(permissions.lignes()),
    ),
}


@page_de(controleurs)
def tables(requete: Requete) -> HttpResponse:
    """The gestures first; the documents by the second tab."""
    choisie = "documents" if requete.GET.get("vue") == "documents" else "gestes"
    _, resume, affiche = VUES[choisie]
    contexte = {
        "titre": "Droits",
        "resume": resume,
        "legende_onglets": "Droits, par objet",
        "onglets": [
            Onglet(libelle, f"{reverse('gestion:droits')}?vue={code}", code == choisie)
            for code, (libelle, *_) in VUES.items()
        ],
        "affiche": affiche,
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


@page_de(controleurs)
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


NUITS = Tableau(
    "liste-tetes",
    "Têtes du journal, par nuit",
    (
        Colonne("instant", "Écrites le", cellule="instant|instant", titre=True, insecable=True),
        Colonne("octets", "Taille", cellule="octets|poids", nombre=True),
        Colonne("gestes", "Fichier", cellule="gestion/cellules/tetes.html"),
    ),
)
NUITS_MONTREES = 62


@page_de(controleurs)
def tetes(requete: Requete) -> HttpResponse:
    """What proves the journal, once it lies where nobody of the portal writes."""
    contexte = {
        "titre": "Têtes du journal",
        "resume": "Chaque nuit, le portail relit le journal et écrit ici la dernière empreinte de chaque chaîne, "
        "scellée. Emportez ces fichiers là où personne du portail n'écrit : « segurnum journal verifier --tetes "
        "FICHIER » y compare le journal et nomme ce qui aurait été effacé ou réécrit depuis.",
        "affiche": NUITS.montrer(nuits()[:NUITS_MONTREES]),
    }
    return render(requete, "gestion/liste.html", contexte)


RELECTURES = Tableau(
    "liste-relectures",
    "Relectures du journal, la plus récente d'abord",
    (
        Colonne("fait_le", "Nuit du", cellule="fait_le|instant", titre=True, insecable=True),
        Colonne("evenements", "Événements relus", cellule="evenements|entier", nombre=True),
        Colonne("anomalies", "Anomalies", cellule="anomalies|entier", nombre=True),
        Colonne("phrases", "Ce qui a été trouvé", cellule="gestion/cellules/anomalies.html"),
    ),
)


@page_de(controleurs)
def relectures(requete: Requete) -> HttpResponse:
    """What each night found in the journal; a night that is not there did not end its reading."""
    contexte = {
        "titre": "Vérifications du journal",
        "resume": "Chaque nuit, le portail relit le journal, le compare à ses tables et aux têtes de la veille. Une "
        "nuit absente de cette liste n'a pas été vérifiée.",
        "affiche": RELECTURES.montrer(relues()[:NUITS_MONTREES]),
        "retour": "gestion:controle",
    }
    return render(requete, "gestion/liste.html", contexte)


@bouton_de(controleurs)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.TETES)
def emporter_tetes(requete: Requete, nuit: str) -> HttpResponseBase:
    """One of the files, whole. Taking it away is in the journal too."""
    trouvee = next((connue for connue in nuits() if connue.cle == nuit), None)
    if trouvee is None:
        raise Http404("Aucune nuit n'a écrit ce fichier.")
    document = Document(genre=Genre.TETES, objet=f"tetes:{nuit}", sujet=nuit, nom=f"tetes-{nuit}.txt")
    return envoyer(requete, document, trouvee.chemin.read_bytes())
