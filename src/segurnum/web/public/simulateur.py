"""The public simulator: a file in, its report out. No account, and nothing of the file is kept (PUB-006)."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from segurnum.isolement.portes import verifier
from segurnum.limites.models import Interrupteur
from segurnum.seuil.limites import ADRESSE, HEURE, ferme_par, limite, sans_ecriture
from segurnum.web.commun.champ_fichier import ChampFichier
from segurnum.web.commun.presentation_rapport import presenter
from segurnum.web.kits.televersement import JSON, Televersement

FICHIER = Televersement("fichier", JSON, "partagez les demandes entre plusieurs fichiers", garde=False)


class FormulaireSimulation(forms.Form):
    """The file alone: couloir and type are told from it."""

    fichier = ChampFichier(
        JSON,
        juge=False,
        label="Votre fichier JSON",
        help_text=f"Un fichier .json, encodé en UTF-8, de {JSON.limite} au plus.",
        error_messages={"required": "Choisissez le fichier JSON à contrôler."},
    )


@login_not_required
@FICHIER.recoit
@sans_ecriture
@ferme_par(Interrupteur.Cle.SIMULATEUR)
@limite("simulateur", ADRESSE, 100, HEURE, quoi="simulations")
@require_http_methods(["GET", "HEAD", "POST"])
def simulateur(requete: HttpRequest) -> HttpResponse:
    def page(form: forms.Form, statut: int, **rapport: Any) -> HttpResponse:
        return render(requete, "public/simulateur.html", {"form": form, **rapport}, status=statut)

    def simuler(form: forms.Form) -> HttpResponse:
        fichier = form.cleaned_data["fichier"]
        rapport = presenter(verifier(fichier.read()))
        return page(FormulaireSimulation(), 200, nom=fichier.name, rapport=rapport)

    return FICHIER.servir(requete, FormulaireSimulation, simuler, page)
