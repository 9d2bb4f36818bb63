"""What the public site tells and keeps nothing of: questions, legal pages, how pages are shown."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from segurnum.comptes.models import Theme
from segurnum.comptes.services import choisir_theme
from segurnum.editorial.queries import faq
from segurnum.seuil.acces import formulaire_public, page_publique
from segurnum.seuil.limites import sans_ecriture
from segurnum.seuil.theme import garder

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
    """« Paramètres d'affichage »: a theme, chosen by a form, or in the window of the footer by who has an account."""
    choisi = requete.POST.get("fr-radios-theme", "")
    if requete.method != "POST" or choisi not in set(Theme):
        return render(requete, "public/affichage.html", status=422 if requete.method == "POST" else 200)
    if requete.user.is_authenticated:
        choisir_theme(personne=requete.user, theme=Theme(choisi))
    # From the window, nothing is to be said: one sees it.
    reponse = HttpResponse(status=204) if "fenetre" in requete.POST else redirect("public:affichage")
    if "fenetre" not in requete.POST:
        ou = "pour votre compte" if requete.user.is_authenticated else "dans ce navigateur"
        messages.success(requete, f"Votre choix est enregistré {ou}.")
    garder(reponse, Theme(choisi), tls=requete.is_secure())
    return reponse
