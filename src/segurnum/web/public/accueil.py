"""The public home page (PUB-001 to PUB-012), and its calendar to subscribe to."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from segurnum.fichiers.documents import Genre
from segurnum.referentiel.ical import en_ical
from segurnum.referentiel.queries import calendrier
from segurnum.regles.calendrier import maintenant
from segurnum.seuil.acces import page_publique
from segurnum.seuil.documents import publie
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.kits.tableau import Colonne, Tableau

CALENDRIER = Tableau(
    "calendrier",
    "Calendrier des dépôts",
    (
        Colonne("libelle_couloir", "Couloir", titre=True),
        Colonne("dsr", "DSR", insecable=True),
        Colonne("type", "Demande", cellule="type.libelle"),
        Colonne("ouverture", "Ouverture", cellule="ouverture|instant_long"),
        Colonne("affichee", "Date limite de dépôt", cellule="public/cellules/date_limite.html"),
        Colonne("etat", "Aujourd'hui", cellule="etat|badge"),
    ),
)


@page_publique
def accueil(requete: HttpRequest) -> HttpResponse:
    return render(requete, "public/accueil.html", {"affiche": CALENDRIER.montrer(calendrier())})


@page_publique
@sert(Genre.PUBLIE)
def flux(requete: HttpRequest) -> HttpResponseBase:
    texte = en_ical(calendrier(), requete.get_host(), maintenant())
    return envoyer(requete, publie("calendrier-segur.ics"), texte, ouvrir=True)
