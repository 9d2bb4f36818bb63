"""What officers publish: news, questions, headings of the questions, documents (GST-025, GST-026, GST-031)."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.controles.fichiers import PUBLICATION
from segurnum.editorial import services
from segurnum.editorial.models import Actualite, DocumentUtile, Publication, QuestionFaq, RubriqueFaq
from segurnum.editorial.queries import publications
from segurnum.kits.champs import ChampJoint, champ_instant, joint
from segurnum.kits.geste import choisir, faire
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.televersement import Televersement
from segurnum.seuil.acces import Requete, bouton_de, formulaire_de, instructeurs, page_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite

if TYPE_CHECKING:
    Formulaire = forms.ModelForm[Any]
else:
    Formulaire = forms.ModelForm

REDACTION = (
    "Une ligne vide sépare les paragraphes ; « - » en début de ligne fait une liste ; "
    "[texte](adresse) fait un lien."
)
OBLIGATOIRE = {"required": "Ce champ est obligatoire."}
FICHIER = Televersement("televerse", PUBLICATION, "réduisez-le, ou partagez-le")


def _fichier(libelle: str, *, obligatoire: bool) -> ChampJoint:
    aide = f"Taille maximum : {PUBLICATION.limite}. Formats acceptés : {PUBLICATION.formats}."
    return joint(
        PUBLICATION, libelle, "Choisissez le fichier à publier.", required=obligatoire, help_text=aide
    )


class FormulaireActualite(Formulaire):
    televerse = _fichier("Pièce jointe", obligatoire=False)
    sans_fichier = forms.BooleanField(required=False, label="Ne plus joindre ce fichier")
    publiee_le = champ_instant(
        "Date de publication",
        "Heure de Paris. L'actualité n'est pas visible avant.",
        "Indiquez à partir de quand l'actualité est visible.",
    )

    class Meta:
        model = Actualite
        fields = ("titre", "categorie", "contenu", "publiee_le", "audience")
        error_messages = dict.fromkeys(("titre", "categorie", "contenu", "audience"), OBLIGATOIRE)
        help_texts: ClassVar = {"contenu": REDACTION}
        widgets: ClassVar = {"contenu": forms.Textarea(attrs={"rows": 10})}


class FormulaireQuestion(Formulaire):
    class Meta:
        model = QuestionFaq
        fields = ("rubrique", "question", "reponse", "ordre")
        error_messages = dict.fromkeys(("rubrique", "question", "reponse", "ordre"), OBLIGATOIRE)
        help_texts: ClassVar = {"reponse": REDACTION}
        widgets: ClassVar = {"reponse": forms.Textarea(attrs={"rows": 10})}


class FormulaireRubrique(Formulaire):
    class Meta:
        model = RubriqueFaq
        fields = ("titre", "ordre")
        error_messages: ClassVar = {
            "titre": OBLIGATOIRE | {"unique": "Une rubrique porte déjà ce titre : choisissez-en un autre."},
            "ordre": OBLIGATOIRE,
        }


class FormulaireDocument(Formulaire):
    televerse = _fichier("Fichier", obligatoire=True)

    class Meta:
        model = DocumentUtile
        fields = ("titre", "description", "ordre")
        error_messages = dict.fromkeys(("titre", "ordre"), OBLIGATOIRE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["televerse"].required = self.instance.pk is None  # a correction keeps the file


@dataclass(frozen=True)
class Genre:
    """One kind of publication: its words, its model, its form, what its list shows beside the title."""

    code: str
    titre: str
    nouvelle: str
    modele: type[Publication]
    formulaire: "type[forms.ModelForm[Any]]"
    precision: Colonne
    relations: tuple[str, ...] = ()
    nom: str = "Titre"

    @property
    def lignes(self) -> "QuerySet[Any]":
        return publications(self.modele, *self.relations)

    @property
    def adresse(self) -> str:
        return reverse("gestion:publications", args=[self.code])

    def adresse_de(self, ligne: Publication) -> str:
        return reverse("gestion:publication", args=[self.code, ligne.pk])

    @property
    def tableau(self) -> Tableau:
        colonnes = (
            Colonne("nom", self.nom, cellule="gestion/cellules/ligne.html", titre=True, lien=self.adresse_de),
            self.precision,
            Colonne("gestes", "Gestes", cellule="gestion/cellules/retirer_publication.html"),
        )
        return Tableau("liste-publications", self.titre, colonnes)


GENRES = {
    genre.code: genre
    for genre in (
        Genre(
            "actualites",
            "Actualités",
            "Nouvelle actualité",
            Actualite,
            FormulaireActualite,
            Colonne("publication", "Publication", cellule="gestion/cellules/parution.html"),
            ("fichier",),
        ),
        Genre(
            "questions",
            "Questions fréquentes",
            "Nouvelle question",
            QuestionFaq,
            FormulaireQuestion,
            Colonne("rubrique", "Rubrique"),
            ("rubrique",),
            "Question",
        ),
        Genre(
            "rubriques",
            "Rubriques des questions",
            "Nouvelle rubrique",
            RubriqueFaq,
            FormulaireRubrique,
            Colonne("ordre", "Rang"),
        ),
        Genre(
            "documents",
            "Documents utiles",
            "Nouveau document",
            DocumentUtile,
            FormulaireDocument,
            Colonne("fichier", "Fichier", cellule="gestion/cellules/fichier_publie.html"),
            ("fichier",),
        ),
    )
}


@page_de(instructeurs)
def sommaire(requete: Requete) -> HttpResponse:
    """What there is to publish."""
    contexte = {"genres": [(genre, genre.lignes.count()) for genre in GENRES.values()]}
    return render(requete, "gestion/publications_sommaire.html", contexte)


@page_de(instructeurs)
def liste(requete: Requete, categorie: str) -> HttpResponse:
    choisi = choisir(GENRES, categorie)
    contexte = {
        "titre": choisi.titre,
        "retour": "gestion:sommaire_publications",
        "genre": choisi,
        "affiche": choisi.tableau.tourner(choisi.lignes, requete.GET),
    }
    return render(requete, "gestion/publications.html", contexte)


@FICHIER.recoit
@formulaire_de(instructeurs)
@limite("publications", PERSONNE, 300, HEURE)
def publication(requete: Requete, categorie: str, publication: int | None = None) -> HttpResponse:
    """One of them; a new one when none is said."""
    genre = choisir(GENRES, categorie)
    ligne = get_object_or_404(genre.lignes, pk=publication) if publication else None

    def publier(form: "forms.ModelForm[Any]") -> HttpResponse:
        televerse = form.cleaned_data.get("televerse")
        services.publier(
            publication=form.save(commit=False),
            auteur=auteur(requete.user),
            fichier=televerse.fichier if televerse else None,
            nom_fichier=televerse.nom if televerse else "",
            sans_fichier=bool(form.cleaned_data.get("sans_fichier")),
        )
        messages.success(requete, f"« {form.instance} » est enregistré.")
        return redirect(genre.adresse)

    def page(form: "forms.ModelForm[Any]", statut: int) -> HttpResponse:
        contexte = {"genre": genre, "form": form, "ligne": ligne}
        return render(requete, "gestion/publication.html", contexte, status=statut)

    return FICHIER.servir(requete, partial(genre.formulaire, instance=ligne), publier, page)


@bouton_de(instructeurs)
def retirer(requete: Requete, categorie: str, publication: int) -> HttpResponse:
    choisi = choisir(GENRES, categorie)
    ligne = get_object_or_404(choisi.lignes, pk=publication)
    retrait = partial(services.retirer, publication=ligne, auteur=auteur(requete.user))
    return faire(requete, retrait, choisi.adresse, fait=f"« {ligne} » n'est plus publié.")
