"""« Composants »: the page that shows what every page is made of."""

from django.http import HttpResponse
from django.shortcuts import render

from segurnum.kits.vitrine import contexte
from segurnum.seuil.acces import Requete, agents, page_de


@page_de(agents)
def vitrine(requete: Requete) -> HttpResponse:
    return render(requete, "gestion/composants.html", contexte())
