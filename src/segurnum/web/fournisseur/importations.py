"""« Rechercher l'import de mes JSONs et pièces justificatives » (JSN-046 to JSN-053)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segurnum.comptes.models import Profil
from segurnum.seuil.acces import Requete, entreprise_de, reserve_a
from segurnum.web.fournisseur import tableaux
from segurnum.web.fournisseur.formulaires import FormulaireImportations


@reserve_a(Profil.FOURNISSEUR)
@require_safe
def importations(requete: Requete) -> HttpResponse:
    form = FormulaireImportations(requete.GET)
    criteres = form.cleaned_data if form.is_valid() else {}
    lignes = tableaux.importations(entreprise_de(requete), criteres)
    contexte = {
        "titre": "Rechercher l'import de mes JSONs et pièces justificatives",
        "fil": "Gérer mes importations JSONs",
        "form": form,
        "recherche": "fournisseur/fragments/recherche_importations.html",
        "affiche": tableaux.IMPORTATIONS.lire(lignes if form.is_valid() else lignes.none(), requete.GET),
    }
    return render(requete, "fournisseur/liste.html", contexte)
