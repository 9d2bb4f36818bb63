"""« Importer mes modèles de pièces justificatives », for the administration to look at (EXP-008 to EXP-018)."""

from functools import partial, wraps
from typing import Any, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import MODELE
from segurnum.demandes.permissions import peut_deposer
from segurnum.fichiers.documents import Genre
from segurnum.modeles import queries, services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.permissions import peut_importer
from segurnum.seuil.acces import Requete, Vue, VueGardee, entreprise_de, reserve_a
from segurnum.seuil.documents import modele_de_piece
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import sert, servir
from segurnum.web.fournisseur.acces import deposants, pour_cette_entreprise
from segurnum.web.fournisseur.formulaires_modeles import FormulaireModele
from segurnum.web.fournisseur.tableau_modeles import EN_IMPORT, HISTORIQUE
from segurnum.web.kits.geste import faire
from segurnum.web.kits.televersement import Televersement

P = ParamSpec("P")
FICHIER = Televersement("fichier", MODELE)
POP_IN = "pop-in"  # how a message is shown apart from the others


def vague_2(vue: Vue[P]) -> VueGardee[P]:
    """Who has no enrolment of the second wave is told what opens the screen (CON-22)."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if peut_importer(requete.user):
            return vue(requete, *args, **kwargs)
        contexte = {"entreprise": entreprise_de(requete)}
        statut = 200 if requete.method in ("GET", "HEAD") else 403
        return render(requete, "fournisseur/modeles/ferme.html", contexte, status=statut)

    return gardee


@reserve_a(Profil.FOURNISSEUR)
@FICHIER.recoit
@pour_cette_entreprise
@deposants
@limite("pieces", ENTREPRISE, 600, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
@vague_2
def modeles(requete: Requete) -> HttpResponse:
    """The page, and « Importer » on it (EXP-012 to EXP-015)."""
    entreprise = entreprise_de(requete)

    def importer(form: FormulaireModele) -> HttpResponse:
        joint = form.cleaned_data["fichier"]
        ligne = services.importer(
            entreprise=entreprise,
            auteur=auteur(requete.user),
            type_modele=form.cleaned_data["type_fichier"],
            nom=joint.nom,
            fichier=joint.fichier,
        )
        messages.success(
            requete,
            f"Le fichier {ligne.nom} est importé ({ligne.libelle_type}). Il sera transmis au gestionnaire par "
            "« Valider mon import ».",
            extra_tags=POP_IN,
        )
        return redirect("fournisseur:modeles")

    def page(form: FormulaireModele, statut: int) -> HttpResponse:
        contexte = {
            "entreprise": entreprise,
            "affiche": HISTORIQUE.lire(queries.historique(entreprise), requete.GET),
            "en_import": EN_IMPORT.montrer(queries.en_import(entreprise)),
            "form": form,
            "peut_deposer": peut_deposer(requete.user),
        }
        return render(requete, "fournisseur/modeles/liste.html", contexte, status=statut)

    formulaire = partial(FormulaireModele, queries.types_proposes(entreprise))
    return FICHIER.servir(requete, formulaire, importer, page)


@reserve_a(Profil.FOURNISSEUR)
@require_safe
def modele(requete: Requete, modele: int) -> HttpResponse:
    """« Consulter »: the answer, and the comment that justifies it (EXP-011)."""
    ligne = get_object_or_404(queries.historique(entreprise_de(requete)), pk=modele)
    return render(
        requete, "fournisseur/modeles/modele.html", {"entreprise": ligne.entreprise, "modele": ligne}
    )


@reserve_a(Profil.FOURNISSEUR)
@require_safe
@sert(Genre.MODELE)
def fichier(requete: Requete, modele: int) -> HttpResponseBase:
    """« Télécharger », of this company's documents only (XCT-005)."""
    return servir(requete, modele_de_piece(_modele_de(requete, modele)))


@reserve_a(Profil.FOURNISSEUR)
@pour_cette_entreprise
@deposants
@require_POST
def supprimer(requete: Requete, modele: int) -> HttpResponse:
    ligne = _modele_de(requete, modele)
    agir = partial(services.supprimer, modele=ligne.pk, auteur=auteur(requete.user))
    return faire(requete, agir, "fournisseur:modeles", fait=f"Le fichier {ligne.nom} est supprimé.")


@reserve_a(Profil.FOURNISSEUR)
@pour_cette_entreprise
@deposants
@require_POST
@vague_2
def valider(requete: Requete) -> HttpResponse:
    """« Valider mon import » (EXP-016)."""

    def soumettre() -> str:
        soumis = services.soumettre(entreprise=entreprise_de(requete), auteur=auteur(requete.user))
        combien = (
            "Votre modèle est transmis" if len(soumis) == 1 else f"Vos {len(soumis)} modèles sont transmis"
        )
        return f"{combien} au gestionnaire, qui vous répondra par courriel."

    return faire(requete, soumettre, "fournisseur:modeles")


def _modele_de(requete: Requete, cle: int) -> ModeleDocument:
    return get_object_or_404(queries.de_l_entreprise(entreprise_de(requete)), pk=cle)
