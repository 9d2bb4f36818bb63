"""« Importer mes modèles de pièces justificatives », for the administration to look at (EXP-008 to EXP-018)."""

from collections.abc import Iterable, Sequence
from functools import partial, wraps
from typing import Any, ParamSpec

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import MODELE
from segurnum.couloirs.documents import TypeModele, types_de_modeles
from segurnum.demandes.permissions import peut_deposer
from segurnum.fichiers.documents import Genre
from segurnum.kits import colonnes
from segurnum.kits.champs import joint, liste, proposer
from segurnum.kits.geste import faire
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.televersement import Televersement
from segurnum.modeles import queries, services
from segurnum.modeles.permissions import peut_importer
from segurnum.regles.cycles_modeles import StatutModele
from segurnum.seuil.acces import Requete, Vue, VueGardee, deposants, entreprise_de
from segurnum.seuil.documents import modele_de_piece
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import donner
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise, saisie, trouver

P = ParamSpec("P")
FICHIER = Televersement("fichier", MODELE)
POP_IN = "pop-in"  # how a message is shown apart from the others


class FormulaireModele(forms.Form):
    use_required_attribute = False

    type_fichier = liste(
        "Type fichier",
        "Choisissez le type du modèle à importer.",
        "Veuillez sélectionner un type de pièces jointes complémentaires",
    )
    fichier = joint(
        MODELE,
        "Ajouter un fichier",
        "Choisissez le fichier à importer.",
        help_text="Taille maximale : 4 Mo. Formats supportés : jpg, jpeg, png, pdf. Le nom du fichier ne doit pas "
        "excéder 50 caractères et ne doit pas contenir de caractères spéciaux.",
    )

    def __init__(self, types: Sequence[TypeModele], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposer(self, "type_fichier", _nommes(types))


def _nommes(types: Iterable[TypeModele]) -> list[tuple[str, str]]:
    return [(type_.code, type_.libelle) for type_ in types]


def _types() -> list[tuple[str, str]]:
    return _nommes(types_de_modeles(couloir.dsr for couloir in couloirs.tous()))


HISTORIQUE = Tableau(
    "liste-modeles",
    "Mes modèles de documents",
    (
        colonnes.jour("import", "Date d'import", "soumis_le"),
        colonnes.choix("type", "Type de document", "type", _types, "libelle_type"),
        colonnes.texte("nom", "Nom"),
        colonnes.enumere("statut", "Statut", "statut", StatutModele, "statut|badge"),
        Colonne(
            "actions",
            "Actions",
            cellule="fournisseur/cellules/consulter.html",
            lien=lambda modele: reverse("fournisseur:modele", args=[modele.pk]),
        ),
    ),
    ordre=("-soumis_le", "-pk"),
)
EN_IMPORT = Tableau(
    "liste-en-cours",
    "Fichiers en cours d'import",
    (
        Colonne("nom", "Nom du fichier", titre=True),
        Colonne("type", "Type"),
        Colonne("depot", "Date de dépôt", cellule="depose_le|jour"),
        Colonne("consulter", "Consulter", cellule="fournisseur/cellules/telecharger_modele.html"),
        Colonne("supprimer", "Supprimer", cellule="fournisseur/cellules/supprimer_modele.html"),
    ),
)


def vague_2(vue: Vue[P]) -> VueGardee[P]:
    """Who has no enrolment of the second wave is told what opens the screen (CON-22)."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if peut_importer(requete.user):
            return vue(requete, *args, **kwargs)
        statut = 200 if requete.method in ("GET", "HEAD") else 403
        return render(requete, "fournisseur/modeles/ferme.html", status=statut)

    return gardee


@FICHIER.recoit
@saisie(pour_cette_entreprise, deposants, vague_2, profil=Profil.FOURNISSEUR)
@limite("pieces", ENTREPRISE, 600, HEURE)
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
        en_import = list(queries.en_import(entreprise))
        contexte = {
            "affiche": HISTORIQUE.lire(queries.historique(entreprise), requete.GET),
            "en_import": EN_IMPORT.montrer(en_import),
            "peut_valider": en_import and peut_deposer(requete.user),
            "form": form,
        }
        return render(requete, "fournisseur/modeles/liste.html", contexte, status=statut)

    formulaire = partial(FormulaireModele, queries.types_proposes(entreprise))
    return FICHIER.servir(requete, formulaire, importer, page)


@consultation(profil=Profil.FOURNISSEUR)
def modele(requete: Requete, modele: int) -> HttpResponse:
    """« Consulter »: the answer, and the comment that justifies it (EXP-011)."""
    ligne = trouver(queries.historique)(requete, modele)
    return render(requete, "fournisseur/modeles/modele.html", {"modele": ligne})


_modele_de = trouver(queries.de_l_entreprise)
# « Télécharger », of this company's documents only (XCT-005).
fichier = consultation(profil=Profil.FOURNISSEUR)(donner(modele_de_piece, _modele_de, Genre.MODELE))


@geste(pour_cette_entreprise, deposants, profil=Profil.FOURNISSEUR)
def supprimer(requete: Requete, modele: int) -> HttpResponse:
    ligne = _modele_de(requete, modele)
    agir = partial(services.supprimer, modele=ligne.pk, auteur=auteur(requete.user))
    return faire(requete, agir, "fournisseur:modeles", fait=f"Le fichier {ligne.nom} est supprimé.")


@geste(pour_cette_entreprise, deposants, vague_2, profil=Profil.FOURNISSEUR)
def valider(requete: Requete) -> HttpResponse:
    """« Valider mon import » (EXP-016)."""

    def soumettre() -> str:
        soumis = services.soumettre(entreprise=entreprise_de(requete), auteur=auteur(requete.user))
        combien = (
            "Votre modèle est transmis" if len(soumis) == 1 else f"Vos {len(soumis)} modèles sont transmis"
        )
        return f"{combien} au gestionnaire, qui vous répondra par courriel."

    return faire(requete, soumettre, "fournisseur:modeles")
