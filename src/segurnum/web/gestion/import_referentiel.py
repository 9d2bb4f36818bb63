"""Importing ANS numbers: a file, its report line by line, and only then what it changes (GST-009)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.controles.problemes import MO, en_nombre, mo
from segurnum.fichiers import services as fichiers
from segurnum.referentiel import services
from segurnum.referentiel.models import ImportReferencements
from segurnum.referentiel.queries import importations
from segurnum.referentiel.saisie import LIBELLES, OBLIGATOIRES
from segurnum.referentiel.tableur import Effet, analyser
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.commun.televersement import recoit, trop_gros
from segurnum.web.gestion.formulaires_referentiel import FormulaireFichier
from segurnum.web.kits.tableau import PAGE, PAR_PAGE

TAILLE_MAX = 2 * MO


@reserve_a(*PROFILS_INSTRUCTEURS)
@recoit(TAILLE_MAX)
@limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
@require_http_methods(["GET", "HEAD", "POST"])
def importer(requete: Requete) -> HttpResponse:
    if requete.method != "POST":
        return _formulaire(requete, FormulaireFichier())
    form = FormulaireFichier(requete.POST, requete.FILES)
    if trop_gros(requete):
        form.errors["fichier"] = form.error_class(
            [f"Le fichier dépasse {mo(TAILLE_MAX)} : partagez-le en plusieurs fichiers."]
        )
        return _formulaire(requete, form, statut=413)
    if not form.is_valid():
        return _formulaire(requete, form, statut=422)
    fichier = form.cleaned_data["fichier"]
    try:
        ligne = services.deposer_import(nom=fichier.name, octets=fichier.read(), acteur=requete.user)
    except GesteImpossible as refus:
        form.add_error("fichier", str(refus))
        return _formulaire(requete, form, statut=422)
    return redirect("gestion:import_referencements", ligne.pk)


def _formulaire(requete: Requete, form: FormulaireFichier, *, statut: int = 200) -> HttpResponse:
    contexte = {
        "form": form,
        "taille_max": TAILLE_MAX,
        "obligatoires": [LIBELLES[champ] for champ in OBLIGATOIRES],
        "facultatives": [libelle for champ, libelle in LIBELLES.items() if champ not in OBLIGATOIRES],
    }
    return render(requete, "gestion/importer_referencements.html", contexte, status=statut)


@reserve_a(*PROFILS_INSTRUCTEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def rapport(requete: Requete, importation: int) -> HttpResponse:
    """What the file would do on the referential of now; then, confirmed, what it did."""
    ligne = get_object_or_404(importations(), pk=importation)
    if requete.method != "POST":
        return _rapport(requete, ligne)
    try:
        ligne = services.appliquer_import(importation=importation, acteur=requete.user)
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
