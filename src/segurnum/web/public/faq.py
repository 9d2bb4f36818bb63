"""The questions (PUB-015 to PUB-018), and the search among them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segurnum.editorial.queries import faq

LONGUEUR_MAX = 100


@login_not_required
@require_safe
def questions(requete: HttpRequest) -> HttpResponse:
    recherche = requete.GET.get("recherche", "").replace("\x00", "").strip()[:LONGUEUR_MAX]
    rubriques = faq(recherche)
    contexte = {
        "rubriques": rubriques,
        "recherche": recherche,
        "longueur_max": LONGUEUR_MAX,
        "nombre": sum(len(rubrique.questions) for rubrique in rubriques),
    }
    return render(requete, "public/faq.html", contexte)
