"""« Grand livre »: every movement of money, what each account holds at an instant, the statement of each month."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from segurnum.fichiers.documents import Document, Genre
from segurnum.grand_livre.etats import Mois, en_csv, en_pdf, mois_connus
from segurnum.grand_livre.plan import Compte, Operation
from segurnum.grand_livre.queries import (
    choix_d_enveloppes,
    controles,
    du_compte,
    ecritures,
    enveloppes_au,
    soldes,
)
from segurnum.kits.colonnes import enumere
from segurnum.kits.criteres import Critere, Filtre, egal
from segurnum.kits.export import exporter
from segurnum.kits.navigation import Onglet
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.regles.calendrier import (
    debut_de_journee,
    fin_de_journee,
    instant_long,
    lire_instant_local,
    maintenant,
)
from segurnum.regles.gestes import GesteSupervision
from segurnum.seuil.acces import Requete, bouton_de, page_de, reserve_a
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert

lecteurs = reserve_a(GesteSupervision.LIRE_GRAND_LIVRE)
VUES = (
    ("gestion:grand_livre", "Écritures"),
    ("gestion:soldes", "Soldes"),
    ("gestion:etats_mensuels", "États mensuels"),
    ("gestion:verifications", "Vérifications"),
)
FORMES: dict[str, Callable[[Mois], bytes | Iterator[bytes]]] = {"pdf": en_pdf, "csv": en_csv}

ECRITURES = Tableau(
    "liste-ecritures",
    "Écritures, la plus récente d'abord",
    (
        Colonne("instant", "Le", cellule="instant|instant", insecable=True),
        enumere("operation", "Opération", "operation", Operation, "operation.libelle"),
        Colonne("debit", "Débit", cellule="debit.intitule"),
        Colonne("credit", "Crédit", cellule="credit.intitule"),
        Colonne("montant", "Montant", cellule="montant|euros", nombre=True),
        Colonne("demande", "Demande", cellule="gestion/cellules/demande_ecrite.html", titre=True),
        Colonne("enveloppe", "Enveloppe", cellule="enveloppe.libelle"),
        Colonne("auteur", "Par", cellule="gestion/cellules/auteur_ecrit.html"),
        Colonne("reference", "Référence", cellule='reference|default:"–"'),
    ),
    ordre=("-instant", "-pk"),
)
SOLDES = Tableau(
    "soldes",
    "Soldes des comptes",
    (
        Colonne("compte", "Compte", cellule="compte.intitule", titre=True),
        Colonne("debit", "Débits", cellule="debit|euros", nombre=True),
        Colonne("credit", "Crédits", cellule="credit|euros", nombre=True),
        Colonne("solde", "Solde", cellule="solde|euros", nombre=True),
    ),
)
ENVELOPPES = Tableau(
    "enveloppes",
    "Enveloppes",
    (
        Colonne("enveloppe", "Enveloppe", titre=True),
        Colonne("exercice", "Exercice"),
        Colonne("credits", "Crédits", cellule="credits|euros", nombre=True),
        Colonne("decide", "Décidé", cellule="decide|euros", nombre=True),
        Colonne("disponible", "Reste", cellule="disponible|euros", nombre=True),
    ),
)
ETATS = Tableau(
    "etats",
    "Mois, le plus récent d'abord",
    (
        Colonne("mois", "Mois", cellule="libelle", titre=True),
        Colonne("fichiers", "État", cellule="gestion/cellules/etat_mensuel.html"),
    ),
)
VERIFICATIONS = Tableau(
    "verifications",
    "Vérifications, la plus récente d'abord",
    (
        Colonne("fait_le", "Faite le", cellule="fait_le|instant", titre=True, insecable=True),
        Colonne("ecritures", "Écritures", cellule="ecritures|entier", nombre=True),
        Colonne("anomalies", "Anomalies", cellule="anomalies|entier", nombre=True),
        Colonne("phrases", "Ce qui a été trouvé", cellule="gestion/cellules/anomalies.html"),
    ),
)
VERIFICATIONS_MONTREES = 62


def _criteres() -> Sequence[Critere]:
    return (
        Critere("dossier", "Dossier", longueur=14, restreindre=_du_dossier),
        Critere(
            "compte",
            "Compte",
            choix=[("", "Tous les comptes"), *((un.value, un.intitule) for un in Compte)],
            restreindre=du_compte,
        ),
        Critere(
            "enveloppe",
            "Enveloppe",
            choix=[("", "Toutes les enveloppes"), *choix_d_enveloppes()],
            restreindre=egal("enveloppe"),
        ),
        Critere("du", "Du", genre="date", restreindre=_a_partir_du),
        Critere("au", "Au", genre="date", restreindre=_jusqu_au),
    )


def _du_dossier(lignes: QuerySet[Any], numero: str) -> QuerySet[Any]:
    """A dossier, or one of its requests, whose number goes on after the dossier's."""
    voulu = numero.upper()
    return lignes.filter(dossier__numero__in=[voulu, voulu[:-2]])


def _a_partir_du(lignes: QuerySet[Any], jour: str) -> QuerySet[Any]:
    return lignes.filter(instant__gte=debut_de_journee(date.fromisoformat(jour)))


def _jusqu_au(lignes: QuerySet[Any], jour: str) -> QuerySet[Any]:
    return lignes.filter(instant__lte=fin_de_journee(date.fromisoformat(jour)))


def _cadre(route: str) -> dict[str, Any]:
    """The tabs of the ledger's pages."""
    return {
        "titre": "Grand livre",
        "legende_onglets": "Grand livre",
        "onglets": [Onglet(libelle, reverse(une), une == route) for une, libelle in VUES],
    }


@page_de(lecteurs)
def liste(requete: Requete) -> HttpResponse:
    filtre = Filtre.lire(requete.GET, *_criteres())
    contexte = _cadre("gestion:grand_livre") | {
        "resume": "Chaque mouvement d'argent, du compte crédité au compte débité. Une écriture ne se modifie pas et ne "
        "s'efface pas.",
        "criteres": filtre.criteres,
        "legende_criteres": "Filtrer les écritures",
        "affiche": ECRITURES.lire(filtre.restreindre(ecritures()), requete.GET),
        "export": reverse("gestion:exporter_grand_livre"),
    }
    return render(requete, "gestion/liste.html", contexte)


@bouton_de(lecteurs)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.LIVRE)
def exporter_le_livre(requete: Requete) -> HttpResponseBase:
    """All the entries as they are filtered, with the columns of their screen."""
    lignes = Filtre.lire(requete.GET, *_criteres()).restreindre(ecritures())
    document = Document(genre=Genre.LIVRE, objet="export:grand-livre", nom="grand-livre.csv")
    return envoyer(requete, document, exporter(ECRITURES, lignes, requete.GET))


@page_de(lecteurs)
def soldes_au(requete: Requete) -> HttpResponse:
    """What each account and each envelope held before an instant of Paris; now when none is said."""
    dit = lire_instant_local(requete.GET.get("instant", ""))
    criteres = (
        Critere("instant", "Avant cet instant, heure de Paris", genre="datetime-local"),
        Critere("enveloppe", "Enveloppe", choix=[("", "Toutes les enveloppes"), *choix_d_enveloppes()]),
    )
    filtre = Filtre.lire(requete.GET, *criteres)
    choisie = filtre.valeur("enveloppe")
    contexte = _cadre("gestion:soldes") | {
        "fil": "Soldes",
        "resume": f"Ce que les écritures disent avant le {instant_long(dit or maintenant())}. La somme des soldes est "
        "toujours nulle.",
        "criteres": filtre.criteres,
        "legende_criteres": "Choisir l'instant",
        "affiche": SOLDES.montrer(soldes(avant=dit, enveloppe=int(choisie) if choisie else None)),
        "enveloppes": ENVELOPPES.montrer(enveloppes_au(dit)),
    }
    return render(requete, "gestion/soldes.html", contexte)


@page_de(lecteurs)
def etats(requete: Requete) -> HttpResponse:
    contexte = _cadre("gestion:etats_mensuels") | {
        "fil": "États mensuels",
        "resume": "Ce que chaque compte avait au début du mois, ce qui a bougé, ce qu'il avait à la fin.",
        "affiche": ETATS.montrer(mois_connus()),
    }
    return render(requete, "gestion/liste.html", contexte)


@bouton_de(lecteurs)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.LIVRE)
def etat_du_mois(requete: Requete, annee: int, mois: int, forme: str) -> HttpResponseBase:
    """The statement of a month that has entries, or lies between two that do."""
    choisi = Mois(annee, mois)
    if forme not in FORMES or choisi not in mois_connus():
        raise Http404
    document = Document(
        genre=Genre.LIVRE, objet=f"export:{choisi.nom}", sujet=choisi.libelle, nom=f"{choisi.nom}.{forme}"
    )
    return envoyer(requete, document, FORMES[forme](choisi))


@page_de(lecteurs)
def verifications(requete: Requete) -> HttpResponse:
    contexte = _cadre("gestion:verifications") | {
        "fil": "Vérifications",
        "resume": "Chaque nuit, le portail compare le grand livre aux demandes, aux paiements, à leurs avis et aux "
        "enveloppes. Une anomalie : quelqu'un a écrit dans la base autrement que par le portail.",
        "affiche": VERIFICATIONS.montrer(controles()[:VERIFICATIONS_MONTREES]),
    }
    return render(requete, "gestion/liste.html", contexte)
