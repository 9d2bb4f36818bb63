"""The officers' instruction of enrolments: the queue, an enrolment beside its pieces, the gestures (GST-002 to 008)."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import pieces_de
from segurnum.fichiers.documents import Genre
from segurnum.seuil.acces import Requete, agents, reserve_a
from segurnum.seuil.documents import piece_d_enrolement
from segurnum.seuil.telechargements import sert
from segurnum.web.gestion import catalogue_enrolements as catalogue
from segurnum.web.gestion import file_enrolements as file
from segurnum.web.gestion.instruction_enrolement import contexte
from segurnum.web.gestion.pieces import ouvrir
from segurnum.web.kits.geste import Refus, choisir, essayer


@agents
def file_d_attente(requete: Requete) -> HttpResponse:
    filtre = file.Filtre.lire(requete.GET)
    contexte_liste = {
        "titre": "Enrôlements à instruire",
        "criteres": filtre.criteres,
        "legende_criteres": "Filtrer les enrôlements",
        "affiche": file.TABLEAU.lire(filtre.enrolements(), requete.GET, suite=filtre.adresse),
    }
    return render(requete, "gestion/liste.html", contexte_liste)


@agents
def consultation(requete: Requete, enrolement: str) -> HttpResponse:
    return render(requete, "gestion/enrolement.html", contexte(requete, file.trouver(enrolement)))


@agents
@require_http_methods(["GET", "HEAD", "POST"])
@sert(Genre.PIECE_ENROLEMENT, Genre.IDENTITE, Genre.RIB)
def piece(requete: Requete, enrolement: str, piece: int) -> HttpResponseBase:
    """A piece that the applicant handed over, as a file to save; identity and RIB by a gesture."""
    inscrit = file.trouver(enrolement)
    ligne = get_object_or_404(pieces_de(inscrit), pk=piece)
    return ouvrir(requete, piece_d_enrolement(ligne), reverse("gestion:enrolement", args=[inscrit.numero]))


@require_POST
@reserve_a(Profil.GESTIONNAIRE)
def faire(requete: Requete, enrolement: str, geste: str) -> HttpResponse:
    """Make one gesture. Made, it leads back to the enrolment; refused, it shows the page again, text kept."""
    inscrit = file.trouver(enrolement)
    choisi = choisir(catalogue.GESTES, geste)
    filtre = file.Filtre.lire(requete.GET)
    return essayer(
        requete,
        choisi,
        lambda saisie, vue: catalogue.executer(choisi, inscrit, auteur(requete.user), saisie, vue=vue),
        lambda refus, statut: _refuser(requete, file.trouver(enrolement), refus, statut),
        f"{reverse('gestion:enrolement', args=[inscrit.numero])}?{filtre.adresse}",
        f"L'enrôlement {inscrit.numero} {choisi.fait}.",
    )


def _refuser(requete: Requete, enrolement: Enrolement, refus: Refus, statut: int) -> HttpResponse:
    return render(requete, "gestion/enrolement.html", contexte(requete, enrolement, refus), status=statut)
