"""The public simulator: a file in, its report out. No account, and nothing of the file is kept (PUB-006)."""

from typing import IO

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from segurnum.controles.problemes import MO, mo
from segurnum.isolement.portes import verifier
from segurnum.limites.models import Interrupteur
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.limites import ADRESSE, HEURE, ferme_par, limite, sans_ecriture
from segurnum.web.commun.presentation_rapport import presenter
from segurnum.web.commun.televersement import recoit, trop_gros

TAILLE_MAX = 5 * MO


class FormulaireSimulation(forms.Form):
    """The file alone: couloir and type are told from it."""

    fichier = forms.FileField(
        label="Votre fichier JSON",
        help_text=f"Un fichier .json, encodé en UTF-8, de {mo(TAILLE_MAX)} au plus.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": "Choisissez le fichier JSON à contrôler."},
    )


@login_not_required
@recoit(TAILLE_MAX)
@sans_ecriture
@ferme_par(Interrupteur.Cle.SIMULATEUR)
@limite("simulateur", ADRESSE, 100, HEURE, quoi="simulations")
@require_http_methods(["GET", "HEAD", "POST"])
def simulateur(requete: HttpRequest) -> HttpResponse:
    if requete.method != "POST":
        return _page(requete, FormulaireSimulation())
    formulaire = FormulaireSimulation(requete.POST, requete.FILES)
    if trop_gros(requete):
        formulaire.errors["fichier"] = formulaire.error_class(
            [f"Le fichier dépasse {mo(TAILLE_MAX)}. Partagez les demandes entre plusieurs fichiers."]
        )
        return _page(requete, formulaire, statut=413)
    if not formulaire.is_valid():
        return _page(requete, formulaire)
    fichier: IO[bytes] = formulaire.cleaned_data["fichier"]
    try:
        rapport = verifier(fichier.read())
    except GesteImpossible as refus:  # asks too much of the portal, or could not be received
        formulaire.add_error("fichier", str(refus))
        return _page(requete, formulaire, statut=422)
    return _page(requete, FormulaireSimulation(), nom=fichier.name, rapport=presenter(rapport))


def _page(
    requete: HttpRequest, formulaire: forms.Form, *, statut: int = 200, **reste: object
) -> HttpResponse:
    contexte = {"form": formulaire, "taille_max": TAILLE_MAX, **reste}
    return render(requete, "public/simulateur.html", contexte, status=statut)
