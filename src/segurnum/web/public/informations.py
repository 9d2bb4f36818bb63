"""What the public site tells and keeps nothing of: questions, legal pages, how pages are shown."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from segurnum.editorial.queries import faq
from segurnum.seuil.acces import formulaire_public, page_publique
from segurnum.seuil.limites import sans_ecriture
from segurnum.seuil.theme import Theme, garder

LONGUEUR_MAX = 100


@page_publique
def questions(requete: HttpRequest) -> HttpResponse:
    """The questions (PUB-015 to PUB-018), and the search among them."""
    recherche = requete.GET.get("recherche", "").replace("\x00", "").strip()[:LONGUEUR_MAX]
    rubriques = faq(recherche)
    contexte = {
        "rubriques": rubriques,
        "recherche": recherche,
        "longueur_max": LONGUEUR_MAX,
        "nombre": sum(len(rubrique.questions) for rubrique in rubriques),
    }
    return render(requete, "public/faq.html", contexte)


@page_publique
def page(requete: HttpRequest, gabarit: str) -> HttpResponse:
    """What the law asks for – who publishes the site, how accessible it is –, and where a sent message leads."""
    return render(requete, gabarit, {"mentions": settings.MENTIONS_LEGALES})


@formulaire_public("affichage", 1_000)
@sans_ecriture
def affichage(requete: HttpRequest) -> HttpResponse:
    """« Paramètres d'affichage » without scripts: the same choice as the window of the footer, sent by a form."""
    choisi = requete.POST.get("fr-radios-theme", "")
    if requete.method != "POST" or choisi not in set(Theme):
        return render(requete, "public/affichage.html", status=422 if requete.method == "POST" else 200)
    reponse = redirect("public:affichage")
    messages.success(requete, "Votre choix est enregistré dans ce navigateur.")
    garder(reponse, Theme(choisi), tls=requete.is_secure())
    return reponse
