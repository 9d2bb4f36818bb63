"""A CSV file that officers give: taken whole, or every line at fault is said and none is taken. One page for all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from segurnum.controles.fichiers import RegleFichier
from segurnum.kits.champs import ChampFichier
from segurnum.kits.televersement import TABLEUR, Televersement
from segurnum.seuil.acces import Garde, Requete, formulaire_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite


class FormulaireTableur(forms.Form):
    """`refus`: the lines at fault, of a file that was not taken."""

    def __init__(self, champ: ChampFichier, *envoye: Any) -> None:
        super().__init__(*envoye)
        self.fields["fichier"] = champ


@dataclass(frozen=True)
class Tableur:
    """What is given: a line of it (« un plafond »), its columns, the list that it is added to, the button.

    `explication`: the template of what the file must hold. `route`: of the list, by its name in `parent`.
    `suite`: of what is made of the file, where it is a page.
    """

    titre: str
    courant: str
    parent: str
    route: str
    explication: str
    ligne: str
    bouton: str
    champ: str
    codage: str = "UTF-8, séparé par des points-virgules"
    colonnes: tuple[str, ...] = ()
    facultatives: tuple[str, ...] = ()
    suite: str = ""
    regle: RegleFichier = TABLEUR

    @property
    def types(self) -> str:
        classeur = ", ou .xlsx (sa première feuille)" if "xlsx" in self.regle.types else ""
        return f".csv, en {self.codage}{classeur}"

    @property
    def fichier(self) -> Televersement:
        return Televersement("fichier", self.regle, "partagez-le en plusieurs fichiers", garde=False)

    def formulaire(self, *envoye: Any) -> FormulaireTableur:
        champ = ChampFichier(
            self.regle,
            juge=False,
            label=self.champ,
            help_text=f"Fichier de type : {self.types}. Taille maximum : {self.regle.limite}.",
            allow_empty_file=False,
            max_length=self.regle.nom_max,
            error_messages={
                "required": "Choisissez le fichier à importer.",
                "empty": f"Ce fichier est vide : {self.ligne} par ligne est attendu.",
                "max_length": "Le nom de ce fichier est trop long : "
                f"{self.regle.nom_max} caractères au plus sont attendus.",
            },
        )
        return FormulaireTableur(champ, *envoye)

    def page(self, qui: Garde, prendre: Callable[[Requete, Any], object]) -> Callable[..., Any]:
        """Its page; `prendre` takes the file. Leads to the list, or to the page of what was made."""

        @self.fichier.recoit
        @formulaire_de(qui)
        @limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
        def vue(requete: Requete, /) -> HttpResponse:
            return self.servir(requete, prendre)

        return vue

    def servir(
        self, requete: Requete, prendre: Callable[[Requete, Any], object], **contexte: Any
    ) -> HttpResponse:
        """What `page` answers, for an address that says which table it takes."""

        def page(form: FormulaireTableur, statut: int) -> HttpResponse:
            return render(
                requete, "gestion/tableur.html", {"page": self, "form": form} | contexte, status=statut
            )

        def agir(form: FormulaireTableur) -> HttpResponse:
            pris = prendre(requete, form.cleaned_data["fichier"])
            return redirect(self.suite, pris) if self.suite else redirect(self.route)

        return self.fichier.servir(requete, self.formulaire, agir, page)
