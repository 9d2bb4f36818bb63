"""« Suivi des demandes d'enrôlement »: the company's enrolments, to read (ENR-094, ENR-100)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from segurnum.enrolements.queries import de_l_entreprise
from segurnum.web.commun.acces import Requete, entreprise_de, fournisseurs

PAR_PAGE = 20


@fournisseurs
def enrolements(requete: Requete) -> HttpResponse:
    pages = Paginator(de_l_entreprise(entreprise_de(requete)), PAR_PAGE)
    return render(requete, "fournisseur/enrolements.html", {"page": pages.get_page(requete.GET.get("page"))})
