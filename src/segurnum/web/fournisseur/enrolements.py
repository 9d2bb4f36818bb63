"""« Gérer mes demandes d'enrôlement »: the company's enrolments, and the consultation of one (ENR-093 to ENR-104)."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.demandes.permissions import peut_deposer
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.queries import de_l_entreprise, pieces_de
from segurnum.enrolements.services import DEPOTS_COMPLEMENTAIRES
from segurnum.fichiers.documents import Genre
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.seuil.acces import Requete, entreprise_de, fournisseurs
from segurnum.seuil.documents import iban_declare, piece_d_enrolement
from segurnum.seuil.iban import declare_lu, noter_la_lecture
from segurnum.seuil.telechargements import offrir, sert, servir
from segurnum.web.commun.enrolement.fiche import de_l_enrolement, piece_ecrite
from segurnum.web.fournisseur import tableau_enrolements


@fournisseurs
@require_safe
def enrolements(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Rechercher une demande d'enrôlement",
        "fil": "Gérer mes demandes d'enrôlement",
        "affiche": tableau_enrolements.TABLEAU.lire(de_l_entreprise(entreprise_de(requete)), requete.GET),
        "a_deposer": DEPOTS_COMPLEMENTAIRES if peut_deposer(requete.user) else (),
        "peut_deposer": peut_deposer(requete.user),
    }
    return render(requete, "fournisseur/enrolement/liste.html", contexte)


@fournisseurs
@require_safe
def enrolement(requete: Requete, enrolement: str) -> HttpResponse:
    """« Consulter »: everything that was entered, in the lines a to g (ENR-101 to ENR-104)."""
    ligne = enrolement_de(requete, enrolement)
    pieces = [
        piece_ecrite(piece, offrir(requete, piece_d_enrolement(piece), adresse_piece(piece)))
        for piece in pieces_de(ligne)
    ]
    adresse_iban = reverse("fournisseur:afficher_iban_enrolement", args=[ligne.numero])
    contexte = {
        "enrolement": ligne,
        "rubriques": de_l_enrolement(
            ligne, pieces, lambda iban: declare_lu(requete, iban, ligne, adresse_iban)
        ),
        "peut_completer": ligne.statut in DEPOTS_COMPLEMENTAIRES and peut_deposer(requete.user),
        "rejete": ligne.statut is StatutEnrolement.REJETEE,
    }
    return render(requete, "fournisseur/enrolement/consultation.html", contexte)


@fournisseurs
@require_http_methods(["GET", "HEAD", "POST"])
@sert(Genre.PIECE_ENROLEMENT, Genre.IDENTITE, Genre.RIB)
def piece(requete: Requete, enrolement: str, piece: int) -> HttpResponseBase:
    """A piece of an enrolment of this company, as a download (XCT-005); identity and RIB by a gesture."""
    lignes = enrolement_de(requete, enrolement).pieces.select_related("fichier")
    return servir(requete, piece_d_enrolement(get_object_or_404(lignes, pk=piece)))


@fournisseurs
@require_POST
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, enrolement: str) -> HttpResponse:
    """« Afficher l'IBAN entier » that this enrolment declared."""
    ligne = enrolement_de(requete, enrolement)
    return noter_la_lecture(
        requete, iban_declare(ligne), reverse("fournisseur:enrolement", args=[ligne.numero])
    )


def adresse_piece(piece: PieceEnrolement) -> str:
    return reverse("fournisseur:piece_enrolement", args=[piece.enrolement.numero, piece.pk])


def enrolement_de(requete: Requete, numero: str) -> Enrolement:
    """An enrolment of this company, 404 for another's as for none."""
    chiffres = numero.removeprefix("ENR").removesuffix("M0")
    if not (numero.startswith("ENR") and chiffres.isascii() and chiffres.isdigit() and len(chiffres) < 10):
        raise Http404
    return get_object_or_404(de_l_entreprise(entreprise_de(requete)), sequence=int(chiffres))
