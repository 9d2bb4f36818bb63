"""« Gérer mes coordonnées personne physique » (ACC-005 to ACC-013), for suppliers and operators alike."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Entreprise
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees import queries, services
from segurnum.coordonnees.models import ModificationPersonnes, PieceModification
from segurnum.coordonnees.permissions import peut_modifier
from segurnum.coordonnees.personnes import RolePersonne, ecrire, lire
from segurnum.fichiers.documents import Genre
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.regles.erreurs import RefusMetier
from segurnum.web.commun.acces import Requete, entreprise_de, fournisseurs
from segurnum.web.commun.coordonnees import action, fiches
from segurnum.web.commun.documents import piece_de_personnes
from segurnum.web.commun.entrees import entier
from segurnum.web.commun.fichier_joint import garder
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.telechargements import Offre, offrir, sert, servir
from segurnum.web.commun.televersement import dire_trop_gros, recoit, trop_gros
from segurnum.web.fournisseur.acces import pour_cette_entreprise, responsables
from segurnum.web.fournisseur.formulaires_coordonnees import (
    IMPORTER,
    RETIRER,
    VALIDER,
    FormulairePersonnes,
    initiales,
)
from segurnum.web.kits.geste import montrer_le_refus
from segurnum.web.kits.tableau import PAR_PAGE


@fournisseurs
@require_safe
def personnes(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    return _page(requete, entreprise, _vierge(entreprise))


@fournisseurs
@recoit(PIECE_FORMULAIRE.taille_max)
@pour_cette_entreprise
@responsables
@limite("coordonnees", ENTREPRISE, 60, HEURE)
@require_POST
def modifier(requete: Requete) -> HttpResponse:
    """One form, three buttons: import a piece, remove one, hand the change over."""
    entreprise = entreprise_de(requete)
    geste, _, cle = requete.POST.get("geste", VALIDER).partition(":")
    if trop_gros(requete):
        form = FormulairePersonnes(_roles(entreprise), RETIRER, requete.POST)
        dire_trop_gros(form, "fichier", PIECE_FORMULAIRE)
        return _page(requete, entreprise, form, statut=413)
    form = FormulairePersonnes(_roles(entreprise), geste, requete.POST, requete.FILES)
    if form.is_valid():
        _faire(requete, entreprise, form, cle)
    if form.errors:
        return _page(requete, entreprise, form, statut=422)
    return redirect("fournisseur:personnes_physiques")


def _faire(requete: Requete, entreprise: Entreprise, form: FormulairePersonnes, cle: str) -> None:
    """Make the gesture of the button; say on the form why it cannot be made."""
    qui, vue = auteur(requete.user), requete.POST.get("vue", "")
    try:
        if form.geste == IMPORTER:
            joint = garder(form.cleaned_data["fichier"])
            services.ajouter_piece(
                entreprise=entreprise,
                auteur=qui,
                saisie=form.saisie,
                nom=joint.nom,
                type_piece=form.cleaned_data["type_piece"],
                fichier=joint.fichier,
                vue=vue,
            )
            messages.success(requete, f"La pièce « {joint.nom} » est importée.")
        elif form.geste == RETIRER:
            services.retirer_piece(
                entreprise=entreprise, auteur=qui, saisie=form.saisie, piece=entier(cle) or 0, vue=vue
            )
            messages.success(requete, "La pièce est supprimée.")
        else:
            services.soumettre(entreprise=entreprise, auteur=qui, personnes=form.personnes, vue=vue)
            messages.success(
                requete,
                "Votre demande de modification est enregistrée : elle va être instruite par un gestionnaire.",
            )
    except ValidationError as refus:
        form.add_error("fichier", refus)
    except RefusMetier as refus:
        montrer_le_refus(form, refus)


def _roles(entreprise: Entreprise) -> list[str]:
    """A legal representative always; a « dépositaire » where there is one."""
    return list(dict.fromkeys([RolePersonne.REPRESENTANT.value, *queries.personnes_de(entreprise)]))


def _vierge(entreprise: Entreprise) -> FormulairePersonnes:
    """What is being prepared, else the persons of today."""
    brouillon = queries.modification_ouverte(entreprise)
    valeurs = brouillon.donnees if brouillon else ecrire(queries.personnes_de(entreprise))
    return FormulairePersonnes(_roles(entreprise), VALIDER, initial=initiales(valeurs))


def _page(
    requete: Requete, entreprise: Entreprise, form: FormulairePersonnes, *, statut: int = 200
) -> HttpResponse:
    ouverte = queries.modification_ouverte(entreprise)
    en_cours = ouverte if ouverte and ouverte.statut_enum is StatutModification.EN_COURS else None
    page = Paginator(queries.historique(entreprise), PAR_PAGE).get_page(requete.GET.get("page"))
    contexte = {
        "entreprise": entreprise,
        "fiches": fiches(queries.personnes_de(entreprise)),
        "page": page,
        "historique": [(ligne, action(ligne)) for ligne in page],
        "form": form,
        "pieces": _pieces(requete, ouverte),
        "en_cours": en_cours,
        "demandees": fiches(lire(en_cours.donnees)) if en_cours else [],
        "marque": queries.marque(entreprise),
        "responsable": peut_modifier(requete.user),
        "taille_max": PIECE_FORMULAIRE.taille_max,
    }
    return render(requete, "fournisseur/coordonnees/personnes.html", contexte, status=statut)


def _pieces(requete: Requete, ouverte: ModificationPersonnes | None) -> list[tuple[PieceModification, Offre]]:
    if ouverte is None:
        return []
    lignes = queries.pieces_de(ouverte.entreprise).filter(modification=ouverte).order_by("pk")
    return [
        (
            ligne,
            offrir(
                requete, piece_de_personnes(ligne), reverse("fournisseur:piece_personne", args=[ligne.pk])
            ),
        )
        for ligne in lignes
    ]


@fournisseurs
@require_http_methods(["GET", "HEAD", "POST"])
@sert(Genre.PIECE_PERSONNES, Genre.IDENTITE)
def piece(requete: Requete, piece: int) -> HttpResponseBase:
    """A piece of a change, for the company's administrators only; an identity document by a gesture."""
    lignes = queries.pieces_de(entreprise_de(requete))
    return servir(requete, piece_de_personnes(get_object_or_404(lignes, pk=piece)))
