"""« Gérer mes coordonnées bancaires » (ACC-001 to ACC-004)."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.comptes.sessions import confirmee
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees import banque as services
from segurnum.coordonnees.banque import NouveauCompte
from segurnum.coordonnees.models import BANCAIRES_OUVERTES, ModificationBancaire
from segurnum.coordonnees.permissions import peut_modifier
from segurnum.coordonnees.queries import changements_de, comptes_de
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, entreprise_de, fournisseurs
from segurnum.web.commun.coordonnees import statut_du_compte
from segurnum.web.commun.fichier_joint import garder_du_champ
from segurnum.web.commun.listes import PAR_PAGE
from segurnum.web.commun.telechargements import servir
from segurnum.web.commun.televersement import dire_trop_gros, recoit, trop_gros
from segurnum.web.fournisseur.acces import exiger_responsable, pour_cette_entreprise, responsables
from segurnum.web.fournisseur.confirmation import confirmation_entendue, confirmation_recente, demander
from segurnum.web.fournisseur.formulaires_coordonnees import FormulaireCompte

# What the person who waits reads under « En attente ».
SUITES = {
    StatutModification.A_CONFIRMER: "Le représentant légal doit confirmer par le lien qu'il a reçu par courriel.",
    StatutModification.EN_COURS: "Confirmée par le représentant légal, en cours d'instruction.",
    StatutModification.ACCEPTEE: "Acceptée : active à partir de la date ci-dessous.",
}


@dataclass(frozen=True)
class Ligne:
    """A row of the table. `modification` None: the account of the enrolment."""

    compte: CoordonneesBancaires
    iban: str
    statut: str
    modification: ModificationBancaire | None
    suite: str
    annulable: bool
    a_confirmer: bool


@fournisseurs
@require_safe
def comptes(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    page = Paginator(comptes_de(entreprise), PAR_PAGE).get_page(requete.GET.get("page"))
    responsable = peut_modifier(requete.user)
    contexte = {
        "entreprise": entreprise,
        "page": page,
        "comptes": [_ligne(compte, responsable=responsable) for compte in page],
        "responsable": responsable,
    }
    return render(requete, "fournisseur/coordonnees/comptes.html", contexte)


def _ligne(compte: CoordonneesBancaires, *, responsable: bool) -> Ligne:
    modification = getattr(compte, "modification", None)
    ouverte = modification is not None and modification.statut in BANCAIRES_OUVERTES
    return Ligne(
        compte=compte,
        # Who cannot change the account recognises it, and needs no more.
        iban=compte.iban_en_groupes if responsable else compte.iban_masque,
        statut=statut_du_compte(compte),
        modification=modification,
        suite=SUITES.get(modification.statut_enum, "") if modification is not None else "",
        annulable=responsable and ouverte,
        a_confirmer=responsable
        and modification is not None
        and modification.statut_enum is StatutModification.A_CONFIRMER,
    )


@fournisseurs
@recoit(PIECE_FORMULAIRE.taille_max)
@pour_cette_entreprise
@responsables
@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_entendue
def ajouter(requete: Requete) -> HttpResponse:
    """Who it is is asked once the form is right and its file kept."""
    if requete.method != "POST":
        return _page(requete, FormulaireCompte())
    form = FormulaireCompte(requete.POST, requete.FILES)
    if trop_gros(requete):
        dire_trop_gros(form, "rib", PIECE_FORMULAIRE)
        return _page(requete, form, statut=413)
    form.full_clean()
    form.joint = garder_du_champ(form, "rib") or form.joint
    if form.is_valid():
        if not confirmee(requete.session):
            return demander(requete, en_plus={"rib_garde": form.joint.marque} if form.joint else {})
        _ajouter(requete, form)
    if form.errors:
        return _page(requete, form, statut=422)
    messages.success(
        requete,
        "La coordonnée bancaire est ajoutée. Le représentant légal vient de recevoir un courriel pour la confirmer ; "
        "elle sera ensuite instruite avant de remplacer la précédente.",
    )
    return redirect("fournisseur:comptes_bancaires")


def _ajouter(requete: Requete, form: FormulaireCompte) -> None:
    saisie, joint = form.cleaned_data, form.joint
    if joint is None:
        raise AssertionError("un formulaire valable porte son RIB")
    compte = NouveauCompte(saisie["iban"], saisie["bic"], saisie["titulaire"], saisie["domiciliation"])
    try:
        services.ajouter(
            entreprise=entreprise_de(requete),
            auteur=auteur(requete.user),
            compte=compte,
            nom_rib=joint.nom,
            rib=joint.fichier,
        )
    except GesteImpossible as refus:
        form.add_error(None, str(refus))


def _page(requete: Requete, form: FormulaireCompte, *, statut: int = 200) -> HttpResponse:
    contexte = {
        "entreprise": entreprise_de(requete),
        "form": form,
        "joint": form.joint,
        "responsable": peut_modifier(requete.user),
        "taille_max": PIECE_FORMULAIRE.taille_max,
    }
    return render(requete, "fournisseur/coordonnees/ajouter_compte.html", contexte, status=statut)


@fournisseurs
@pour_cette_entreprise
@responsables
@require_POST
@confirmation_recente
def annuler(requete: Requete, modification: int) -> HttpResponse:
    ligne = _modification_de(requete, modification)
    try:
        services.annuler(modification=ligne.pk, auteur=auteur(requete.user))
    except ValueError as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, "La demande est annulée : les versements continuent sur le compte actif.")
    return redirect("fournisseur:comptes_bancaires")


@fournisseurs
@pour_cette_entreprise
@responsables
@require_POST
def renvoyer(requete: Requete, modification: int) -> HttpResponse:
    ligne = _modification_de(requete, modification)
    try:
        services.renvoyer(modification=ligne.pk, auteur=auteur(requete.user))
    except ValueError as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, "Un nouveau courriel de confirmation est envoyé au représentant légal.")
    return redirect("fournisseur:comptes_bancaires")


@fournisseurs
@require_safe
def rib(requete: Requete, modification: int) -> FileResponse:
    """The RIB as it was given, for the company's administrators only."""
    exiger_responsable(requete)
    ligne = _modification_de(requete, modification)
    return servir(ligne.rib, ligne.nom_rib)


def _modification_de(requete: Requete, cle: int) -> ModificationBancaire:
    return get_object_or_404(changements_de(entreprise_de(requete)), pk=cle)
