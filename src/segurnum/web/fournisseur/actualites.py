"""News addressed to the person's profile (FRM-018 to FRM-021)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from segurnum.editorial.queries import actualites_de
from segurnum.fichiers.documents import Genre
from segurnum.seuil.acces import Requete, fournisseurs
from segurnum.seuil.documents import piece_d_actualite
from segurnum.seuil.telechargements import sert, servir

PAR_PAGE = 10


@fournisseurs
@require_safe
def liste(requete: Requete) -> HttpResponse:
    page = Paginator(actualites_de(requete.user), PAR_PAGE).get_page(requete.GET.get("page"))
    return render(requete, "fournisseur/actualites.html", {"page": page})


@fournisseurs
@require_safe
def actualite(requete: Requete, actualite: int) -> HttpResponse:
    ligne = get_object_or_404(actualites_de(requete.user), pk=actualite)
    return render(requete, "fournisseur/actualite.html", {"actualite": ligne})


@fournisseurs
@require_safe
@sert(Genre.ACTUALITE)
def piece_jointe(requete: Requete, actualite: int) -> HttpResponseBase:
    return servir(requete, piece_d_actualite(get_object_or_404(actualites_de(requete.user), pk=actualite)))
