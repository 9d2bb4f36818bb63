"""« Paramètres d'affichage »: the choice of a theme, sent by a form, or by the window of the footer for who has an
account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from segurnum.comptes.models import Theme
from segurnum.comptes.services import choisir_theme
from segurnum.web.commun.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.web.commun.theme import garder


@login_not_required
@sans_ecriture
@limite("affichage", ADRESSE, 1_000, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def affichage(requete: HttpRequest) -> HttpResponse:
    choisi = requete.POST.get("fr-radios-theme", "")
    if requete.method != "POST" or choisi not in set(Theme):
        return render(requete, "public/affichage.html", status=422 if requete.method == "POST" else 200)
    ou = "dans ce navigateur"
    if requete.user.is_authenticated:
        choisir_theme(utilisateur=requete.user.pk, theme=Theme(choisi))
        ou = "pour votre compte"
    # From the window, nothing is to be said: one sees it.
    reponse = HttpResponse(status=204) if "fenetre" in requete.POST else redirect("public:affichage")
    if "fenetre" not in requete.POST:
        messages.success(requete, f"Votre choix est enregistré {ou}.")
    garder(reponse, Theme(choisi), tls=requete.is_secure())
    return reponse
