"""A screen that receives a file: how big, of which kind, what is said of one that cannot be taken, what is kept of it.

A screen declares a Televersement, has its form carry a ChampFichier, and says what is done of a form that is right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

from segurnum.controles.fichiers import RegleFichier
from segurnum.controles.problemes import MO
from segurnum.fichiers.joints import garder
from segurnum.kits.geste import tenter
from segurnum.regles.erreurs import RefusMetier
from segurnum.seuil.televersement import recoit, trop_gros

F = TypeVar("F", bound=forms.BaseForm)
T = TypeVar("T")
V = TypeVar("V", bound=Callable[..., Any])

# What is read, not kept: its contents are judged by who reads them.
CLASSEUR = RegleFichier(frozenset({"csv", "xlsx"}), 20 * MO, nom_max=150)
TABLEUR = RegleFichier(frozenset({"csv"}), 2 * MO, nom_max=150)


@dataclass(frozen=True)
class Televersement:
    """What a screen receives. `remede`: what the person is told to do of a file that is too big.

    `garde`: the file is kept as soon as its own field is right, and is not asked for again when another one is wrong;
    False for a file that is read and forgotten. `ensemble`: how many files come in one sending.
    `champ_du_refus`: where a refusal that names no field is said; None, above the form.
    """

    champ: str
    regle: RegleFichier
    remede: str = "réduisez-le"
    quoi: str = "Le fichier"
    garde: bool = True
    ensemble: int = 1
    champ_du_refus: str | None = "fichier"

    def recoit(self, vue: V) -> V:
        """Declares on a view the octets that it reads."""
        return recoit(self.ensemble * self.regle.taille_max)(vue)

    def servir(
        self,
        requete: HttpRequest,
        formulaire: Callable[..., F],
        agir: Callable[[F], HttpResponse],
        page: Callable[[F, int], HttpResponse],
    ) -> HttpResponse:
        """The screen: its form, where `agir` leads, or the form as it was filled with what is wrong (413, 422)."""
        if requete.method != "POST":
            return page(formulaire(), 200)
        form = formulaire(requete.POST, requete.FILES)
        suite = self.essayer(requete, form, agir)
        return page(form, statut_du_refus(requete)) if suite is None else suite

    def venu(self, requete: HttpRequest) -> bool:
        """True when a file came, or the mark of one that came before, on a page that may be sent without any."""
        rappele = requete.POST.get(f"{self.champ}_garde") and f"{self.champ}_sans" not in requete.POST
        return self.champ in requete.FILES or bool(rappele) or trop_gros(requete)

    def essayer(self, requete: HttpRequest, form: F, agir: Callable[[F], T]) -> T | None:
        """What `agir` makes of a form that is right; None when it says on its fields why it is not."""
        form.full_clean()
        if trop_gros(requete):
            # The rest of the sending was not read: what had come is shown again, without its judgement.
            form.errors.clear()
            phrase = f"{self.quoi} dépasse {self.regle.limite_exacte} : {self.remede}."
            form.add_error(self.champ if self.champ in form.fields else None, phrase)
            return None
        # What an unknown person sends takes room once a person, not a robot, has shown itself.
        if self.garde and getattr(form, "humain", True):
            self._garder(form)
        if form.errors:
            return None
        suite, refus = tenter(agir, form)
        if refus is not None:
            self._dire(form, refus)
        return suite

    def _garder(self, form: F) -> None:
        if not isinstance(form.cleaned_data.get(self.champ), UploadedFile):
            return
        try:
            joint = garder(form.cleaned_data[self.champ])
        except ValidationError as refus:
            form.add_error(self.champ, refus)
            return
        form.cleaned_data[self.champ] = joint
        # The page shown again says it.
        form.files = MultiValueDict({form.add_prefix(self.champ): [joint]})  # type: ignore[list-item]

    def _dire(self, form: F, refus: RefusMetier) -> None:
        form.refus = refus  # type: ignore[attr-defined]
        champ = refus.champ if refus.champ in form.fields else self.champ_du_refus
        form.add_error(self.champ if isinstance(refus, OSError) else champ, str(refus))


def statut_du_refus(requete: HttpRequest) -> int:
    return 413 if trop_gros(requete) else 422
