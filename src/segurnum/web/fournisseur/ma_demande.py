"""« Ma demande de financement »: an operator's avance then solde, on one screen (MSS-002, MSS-019, MSS-020)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Entreprise
from segurnum.controles.formulaire import TAILLE_ZONE
from segurnum.couloirs.edition import champs_modifiables
from segurnum.couloirs.formulaire import ZonePiece
from segurnum.demandes import brouillons, queries
from segurnum.demandes.brouillons import DejaDeposee
from segurnum.demandes.models import STATUTS_ETEINTS, Demande
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import formulaires
from segurnum.depots.formulaires import Formulable
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, entreprise_de, fournisseurs
from segurnum.web.commun.champ_fichier import contenu
from segurnum.web.commun.televersement import recoit, trop_gros
from segurnum.web.fournisseur import demandes
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.formulaires_demande import FormulaireDemande
from segurnum.web.fournisseur.presentation_formulaire import presenter

RETIRER, ENREGISTRER = "retirer:", "enregistrer"
SANS_PAGE = "X-Brouillon"  # sent by the script that keeps what is typed while it is typed
# Three zones of 4 Mo come together at most, with the fields around them.
TAILLE_FORMULAIRE = 3 * TAILLE_ZONE
TROP_GROS = "L'envoi dépasse la taille permise : chaque fichier doit peser 4 Mo (4 194 304 octets) au plus."


@fournisseurs
@require_safe
def ma_demande(requete: Requete) -> HttpResponse:
    """Leads to the step that comes next: the avance until it is decided, then the solde."""
    inscrits = qui_deposent_par_formulaire(entreprise_de(requete))
    numero = requete.GET.get("numero")
    inscrit = (inscrits.filter(referencement__numero_ans=numero) if numero else inscrits).first()
    if inscrit is None:
        return render(requete, "fournisseur/ma_demande/aucune.html", {})
    avance = queries.vivante(inscrit, TypeDemande.AVANCE)
    decidee = avance is not None and avance.statut_enum is StatutDemande.DECIDEE
    etape = TypeDemande.SOLDE if decidee else TypeDemande.AVANCE
    return redirect("fournisseur:ma_demande_etape", inscrit.referencement.numero_ans, etape)


@fournisseurs
@never_cache
@recoit(TAILLE_FORMULAIRE)
@deposants
@require_http_methods(["GET", "HEAD", "POST"])
def etape(requete: Requete, numero_enrole: str, type_demande: TypeDemande) -> HttpResponseBase:
    """The form while nothing is deposited, then the request itself, at the same place."""
    inscrit = _enrolement(entreprise_de(requete), numero_enrole)
    forme = formulaires.formulable(inscrit, type_demande)
    deposee = queries.derniere(inscrit, type_demande)
    if requete.method == "POST":
        return _recevoir(requete, forme)
    if deposee is not None and (deposee.statut_enum not in STATUTS_ETEINTS or forme.empechements):
        return demandes.demande(requete, deposee.numero)
    return _page(requete, forme, _formulaire(forme), precedente=deposee)


def _enrolement(entreprise: Entreprise, numero_ans: str) -> Enrolement:
    inscrit = qui_deposent_par_formulaire(entreprise).filter(referencement__numero_ans=numero_ans).first()
    if inscrit is None:
        raise Http404
    return inscrit


def _recevoir(requete: Requete, forme: Formulable) -> HttpResponse:
    """Keep everything that came, then do what the button says. A second sending leads to what the first one made."""
    try:
        return _faire(requete, forme)
    except DejaDeposee as deja:
        if requete.headers.get(SANS_PAGE):
            return HttpResponse(status=204)
        messages.info(requete, f"{deja} Rien d'autre n'a été envoyé.")
        return _retour(forme)


def _faire(requete: Requete, forme: Formulable) -> HttpResponse:
    form = _formulaire(forme, requete.POST, requete.FILES)
    form.is_valid()
    # The end of a file that is too big is not read, nor what follows it: nothing is then done but keeping.
    geste = requete.POST.get("geste", ENREGISTRER)
    refus = _garder(requete, forme, form, geste)
    if requete.headers.get(SANS_PAGE):
        return HttpResponse(status=204)
    relu = _formulaire(forme, requete.POST, {cle: f for cle, f in form.files.items() if cle in form.errors})
    for cle, phrase in refus.items():
        relu.add_error(cle, phrase)
    if trop_gros(requete):
        relu.add_error(None, TROP_GROS)
        return _page(requete, forme, relu, statut=413)
    if geste != "importer":
        if any(cle in relu.errors for cle in form.files):
            return _page(requete, forme, relu, statut=422)
        if geste == ENREGISTRER:
            messages.success(
                requete, "Votre saisie est enregistrée : vous pouvez la reprendre ici quand vous voulez."
            )
        return _retour(forme)
    if not relu.is_valid():
        return _page(requete, forme, relu, statut=422)
    return _importer(requete, forme, relu)


def _importer(requete: Requete, forme: Formulable, form: FormulaireDemande) -> HttpResponse:
    try:
        demande = formulaires.deposer(
            enrolement=forme.enrolement.pk, type_demande=forme.type, auteur=auteur(requete.user)
        )
    except DejaDeposee:
        raise
    except GesteImpossible as refus:
        return _page(requete, forme, form, alerte=str(refus), statut=409)
    messages.success(
        requete,
        f"Votre demande {demande.numero} est importée : elle est transmise au service de gestion pour instruction.",
    )
    return _retour(forme)


def _garder(requete: Requete, forme: Formulable, form: FormulaireDemande, geste: str) -> dict[str, str]:
    """Returns why a file is not kept, by name of field."""
    par_type = {zone.type: cle for cle, zone in form.zones.items()}
    refus = brouillons.garder(
        enrolement=forme.enrolement,
        type_demande=forme.type,
        saisie=form.saisie(),
        auteur=auteur(requete.user),
        pieces=[_a_garder(zone, fichier) for zone, fichier in form.fichiers_acceptes().items()],
        retirer=[zone.type for cle, zone in form.zones.items() if geste == f"{RETIRER}{cle}"],
    )
    return {par_type[zone]: phrase for zone, phrase in refus.items()}


def _a_garder(zone: ZonePiece, fichier: Any) -> brouillons.PieceAGarder:
    return brouillons.PieceAGarder(zone.type, *contenu(fichier))


def _formulaire(forme: Formulable, data: Any = None, files: Any = None) -> FormulaireDemande:
    brouillon = brouillons.du_depot(forme.enrolement, forme.type)
    return FormulaireDemande(
        champs_modifiables(forme.couloir, forme.type, {}),
        forme.zones,
        data,
        files,
        saisie=brouillon.saisie if brouillon else None,
        gardees={piece.zone: piece.nom for piece in brouillon.pieces.all()} if brouillon else None,
    )


def _page(
    requete: Requete,
    forme: Formulable,
    form: FormulaireDemande,
    *,
    statut: int = 200,
    alerte: str = "",
    precedente: Demande | None = None,
) -> HttpResponse:
    contexte = {
        "forme": forme,
        "form": form,
        "presentation": presenter(forme),
        "inscrits": qui_deposent_par_formulaire(forme.enrolement.entreprise),
        "numero_ans": forme.enrolement.referencement.numero_ans,
        "etape": forme.type,
        "alerte": alerte,
        "precedente": precedente,
        "peut_envoyer": peut_deposer(requete.user) and not forme.empechements,
        "taille_max": TAILLE_ZONE,
    }
    return render(requete, "fournisseur/ma_demande/deposer.html", contexte, status=statut)


def _retour(forme: Formulable) -> HttpResponse:
    return redirect("fournisseur:ma_demande_etape", forme.enrolement.referencement.numero_ans, forme.type)
