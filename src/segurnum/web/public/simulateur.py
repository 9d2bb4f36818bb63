"""The public simulator: a file in, its report out. No account, and nothing of the file is kept (PUB-006)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from segurnum.isolement.portes import verifier
from segurnum.limites.models import Interrupteur
from segurnum.seuil.acces import formulaire_public
from segurnum.seuil.limites import ferme_par, sans_ecriture
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


@formulaire_public("simulateur", 100, quoi="simulations")
@FICHIER.recoit
@sans_ecriture
@ferme_par(Interrupteur.Cle.SIMULATEUR)
def simulateur(requete: HttpRequest) -> HttpResponse:
    def page(form: forms.Form, statut: int, **rapport: Any) -> HttpResponse:
        return render(requete, "public/simulateur.html", {"form": form, **rapport}, status=statut)

    def simuler(form: forms.Form) -> HttpResponse:
        fichier = form.cleaned_data["fichier"]
        rapport = presenter(verifier(fichier.read()))
        return page(FormulaireSimulation(), 200, nom=fichier.name, rapport=rapport)

    return FICHIER.servir(requete, FormulaireSimulation, simuler, page)
