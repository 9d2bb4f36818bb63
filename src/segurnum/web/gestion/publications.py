"""What officers publish: news, questions, headings of the questions, documents (GST-025, GST-026, GST-031)."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.controles.fichiers import PUBLICATION
from segurnum.editorial import services
from segurnum.editorial.models import Actualite, DocumentUtile, Publication, QuestionFaq, RubriqueFaq
from segurnum.editorial.queries import publications
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.formulaires_publication import (
    FormulaireActualite,
    FormulaireDocument,
    FormulaireQuestion,
    FormulaireRubrique,
)
from segurnum.web.kits.geste import choisir, faire
from segurnum.web.kits.tableau import PAR_PAGE
from segurnum.web.kits.televersement import Televersement

FICHIER = Televersement("televerse", PUBLICATION, "réduisez-le, ou partagez-le")


@dataclass(frozen=True)
class Genre:
    """One kind of publication: its words, its model, its form."""

    code: str
    titre: str
    nouvelle: str
    modele: type[Publication]
    formulaire: "type[forms.ModelForm[Any]]"
    relations: tuple[str, ...] = ()

    @property
    def lignes(self) -> "QuerySet[Any]":
        return publications(self.modele, *self.relations)

    @property
    def adresse(self) -> str:
        return reverse("gestion:publications", args=[self.code])


GENRES = {
    genre.code: genre
    for genre in (
        Genre("actualites", "Actualités", "Nouvelle actualité", Actualite, FormulaireActualite, ("fichier",)),
        Genre(
            "questions",
            "Questions fréquentes",
            "Nouvelle question",
            QuestionFaq,
            FormulaireQuestion,
            ("rubrique",),
        ),
        Genre("rubriques", "Rubriques des questions", "Nouvelle rubrique", RubriqueFaq, FormulaireRubrique),
        Genre(
            "documents",
            "Documents utiles",
            "Nouveau document",
            DocumentUtile,
            FormulaireDocument,
            ("fichier",),
        ),
    )
}

redacteurs = reserve_a(*PROFILS_INSTRUCTEURS)


@redacteurs
@require_safe
def sommaire(requete: Requete) -> HttpResponse:
    """What there is to publish."""
    return render(
        requete,
        "gestion/publications_sommaire.html",
        {"genres": [(genre, genre.lignes.count()) for genre in GENRES.values()]},
    )


@redacteurs
@require_safe
def liste(requete: Requete, categorie: str) -> HttpResponse:
    choisi = choisir(GENRES, categorie)
    page = Paginator(choisi.lignes, PAR_PAGE).get_page(requete.GET.get("page"))
    return render(requete, "gestion/publications.html", {"genre": choisi, "page_lignes": page})


@redacteurs
@FICHIER.recoit
@limite("publications", PERSONNE, 300, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(requete: Requete, categorie: str) -> HttpResponse:
    return _rediger(requete, choisir(GENRES, categorie), None)


@redacteurs
@FICHIER.recoit
@limite("publications", PERSONNE, 300, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def publication(requete: Requete, categorie: str, publication: int) -> HttpResponse:
    choisi = choisir(GENRES, categorie)
    return _rediger(requete, choisi, get_object_or_404(choisi.lignes, pk=publication))


@redacteurs
@require_POST
def retirer(requete: Requete, categorie: str, publication: int) -> HttpResponse:
    choisi = choisir(GENRES, categorie)
    ligne = get_object_or_404(choisi.lignes, pk=publication)
    retrait = partial(services.retirer, publication=ligne, auteur=auteur(requete.user))
    return faire(requete, retrait, choisi.adresse, fait=f"« {ligne} » n'est plus publié.")


def _rediger(requete: Requete, genre: Genre, ligne: Any) -> HttpResponse:
    def publier(form: "forms.ModelForm[Any]") -> HttpResponse:
        joint = form.cleaned_data.get("televerse")
        services.publier(
            publication=form.save(commit=False),
            auteur=auteur(requete.user),
            fichier=joint.fichier if joint else None,
            nom_fichier=joint.nom if joint else "",
            sans_fichier=bool(form.cleaned_data.get("sans_fichier")),
        )
        messages.success(requete, f"« {form.instance} » est enregistré.")
        return redirect(genre.adresse)

    def page(form: "forms.ModelForm[Any]", statut: int) -> HttpResponse:
        contexte = {"genre": genre, "form": form, "ligne": ligne}
        return render(requete, "gestion/publication.html", contexte, status=statut)

    return FICHIER.servir(requete, partial(genre.formulaire, instance=ligne), publier, page)
