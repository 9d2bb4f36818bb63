"""« Paramètres d'affichage » without scripts: the same choice as the window of the footer, sent by a form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from segurnum.seuil.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.web.commun.theme import Theme, garder


@login_not_required
@sans_ecriture
@limite("affichage", ADRESSE, 1_000, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def affichage(requete: HttpRequest) -> HttpResponse:
    choisi = requete.POST.get("fr-radios-theme", "")
    if requete.method != "POST" or choisi not in set(Theme):
        return render(requete, "public/affichage.html", status=422 if requete.method == "POST" else 200)
    reponse = redirect("public:affichage")
    messages.success(requete, "Votre choix est enregistré dans ce navigateur.")
    garder(reponse, Theme(choisi), tls=requete.is_secure())
    return reponse
