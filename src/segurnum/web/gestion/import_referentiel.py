"""Importing ANS numbers: a file, its report line by line, and only then what it changes (GST-009)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.controles.problemes import en_nombre
from segurnum.fichiers import services as fichiers
from segurnum.referentiel import services
from segurnum.referentiel.models import ImportReferencements
from segurnum.referentiel.queries import importations
from segurnum.referentiel.saisie import LIBELLES, OBLIGATOIRES
from segurnum.referentiel.tableur import Effet, analyser
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.tableurs import Tableur
from segurnum.web.kits.tableau import PAGE, PAR_PAGE

NUMEROS = Tableur(
    titre="Importer des numéros ANS",
    courant="Importer un fichier",
    parent="Numéros ANS référencés",
    route="gestion:referencements",
    explication="gestion/importer_referencements.html",
    ligne="un numéro ANS",
    bouton="Lire le fichier",
    champ="Fichier des numéros ANS",
    codage="UTF-8 ou Windows-1252, séparé par des points-virgules ou des virgules",
)


@reserve_a(*PROFILS_INSTRUCTEURS)
@NUMEROS.fichier.recoit
@limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
@require_http_methods(["GET", "HEAD", "POST"])
def importer(requete: Requete) -> HttpResponse:
    def deposer(fichier: Any) -> int:
        return services.deposer_import(
            nom=fichier.name, octets=fichier.read(), auteur=auteur(requete.user)
        ).pk

    return NUMEROS.servir(
        requete,
        deposer,
        "gestion:import_referencements",
        obligatoires=[LIBELLES[champ] for champ in OBLIGATOIRES],
        facultatives=[libelle for champ, libelle in LIBELLES.items() if champ not in OBLIGATOIRES],
    )


@reserve_a(*PROFILS_INSTRUCTEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def rapport(requete: Requete, importation: int) -> HttpResponse:
    """What the file would do on the referential of now; then, confirmed, what it did."""
    ligne = get_object_or_404(importations(), pk=importation)
    if requete.method != "POST":
        return _rapport(requete, ligne)
    try:
        ligne = services.appliquer_import(importation=importation, auteur=auteur(requete.user))
    except GesteImpossible as refus:
        return _rapport(requete, ligne, refus=str(refus))
    messages.success(
        requete,
        f"Le fichier « {ligne.nom} » est importé : "
        f"{en_nombre(ligne.crees, 'numéro créé', 'numéros créés')}, {en_nombre(ligne.modifies, 'modifié')}.",
    )
    return redirect("gestion:referencements")


def _rapport(requete: Requete, ligne: ImportReferencements, *, refus: str = "") -> HttpResponse:
    contexte = {"importation": ligne, "refus": refus}
    if ligne.applique_le is None:
        lu = analyser(fichiers.lire(ligne.fichier))
        # What is to correct first; nothing is to be read of what does not change, so it comes last.
        ordre = list(Effet)
        lignes = sorted(lu.lignes, key=lambda une: ordre.index(une.effet))
        contexte |= {
            "rapport": lu,
            "page": Paginator(lignes, PAR_PAGE).get_page(requete.GET.get(PAGE)),
        }
    return render(requete, "gestion/import_referencements.html", contexte, status=409 if refus else 200)
