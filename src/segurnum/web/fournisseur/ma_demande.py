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
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.controles.formulaire import TAILLE_ZONE
from segurnum.couloirs.edition import champs_modifiables
from segurnum.couloirs.formulaire import ZonePiece
from segurnum.demandes import brouillons, queries
from segurnum.demandes.brouillons import DejaDeposee
from segurnum.demandes.models import STATUTS_ETEINTS, BrouillonDemande, Demande
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import formulaires
from segurnum.depots.formulaires import Formulable
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.regles.calendrier import instant_exact
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import BrouillonModifie, GesteImpossible
from segurnum.web.commun.acces import Requete, entreprise_de, fournisseurs
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.champ_fichier import contenu
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.televersement import recoit, trop_gros
from segurnum.web.commun.version_saisie import version_de
from segurnum.web.fournisseur import demandes
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.formulaires_demande import FormulaireDemande
from segurnum.web.fournisseur.presentation_formulaire import presenter

RETIRER, ENREGISTRER = "retirer:", "enregistrer"
VERSION = "X-Version"
SANS_PAGE = "X-Brouillon"  # sent by the script that keeps what is typed while it is typed
# Three zones of 4 Mo come together at most, with the fields around them.
TAILLE_FORMULAIRE = 3 * TAILLE_ZONE
TROP_GROS = (
    f"L'envoi dépasse la taille permise : chaque fichier doit peser {PIECE_FORMULAIRE.limite_exacte} au plus."
)


@fournisseurs
@require_safe
def ma_demande(requete: Requete) -> HttpResponse:
    """Leads to what waits for the company, else to the step that comes next: the avance, then the solde."""
    inscrits = qui_deposent_par_formulaire(entreprise_de(requete))
    numero = requete.GET.get("numero")
    if numero:
        inscrits = inscrits.filter(referencement__numero_ans=numero)
    attendue = (
        queries.a_repondre(entreprise_de(requete))
        .filter(dossier__enrolement__in=inscrits)
        .select_related("dossier__enrolement__referencement")
    ).first()
    if attendue is not None:
        numero_ans = attendue.dossier.enrolement.referencement.numero_ans
        return redirect("fournisseur:ma_demande_etape", numero_ans, attendue.type_enum)
    inscrit = inscrits.first()
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
@limite("formulaires", ENTREPRISE, 2_000, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def etape(requete: Requete, numero_enrole: str, type_demande: TypeDemande) -> HttpResponseBase:
    """The form while nothing is deposited, then the request itself, at the same place."""
    inscrit = _enrolement(entreprise_de(requete), numero_enrole)
    forme = formulaires.formulable(inscrit, type_demande, recu_le=recu_le(requete))
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
            return HttpResponse(status=409)
        messages.info(requete, f"{deja} Rien d'autre n'a été envoyé.")
        return _retour(forme)
    except BrouillonModifie as autre_onglet:
        if requete.headers.get(SANS_PAGE):
            return HttpResponse(status=409)
        form = _formulaire(forme, requete.POST)
        return _page(requete, forme, form, alerte=str(autre_onglet), statut=409)


def _faire(requete: Requete, forme: Formulable) -> HttpResponse:
    form = _formulaire(forme, requete.POST, requete.FILES)
    form.is_valid()
    # The end of a file that is too big is not read, nor what follows it: nothing is then done but keeping.
    geste = requete.POST.get("geste", ENREGISTRER)
    garde = _garder(requete, forme, form, geste)
    if requete.headers.get(SANS_PAGE):
        return sans_page(garde)
    relu = _formulaire(forme, requete.POST, {cle: f for cle, f in form.files.items() if cle in form.errors})
    for zone, phrase in garde.refus.items():
        relu.add_error(relu.champ_de_zone(zone), phrase)
    for zone, phrase in _noms_repetes(relu):
        relu.add_error(zone, phrase)
    if trop_gros(requete):
        relu.add_error(None, TROP_GROS)
        return _page(requete, forme, relu, statut=413)
    if geste != "importer":
        if any(cle in relu.errors for cle in form.zones if geste == ENREGISTRER and not _manque(relu, cle)):
            return _page(requete, forme, relu, statut=422)
        if geste == ENREGISTRER:
            messages.success(
                requete, "Votre saisie est enregistrée : vous pouvez la reprendre ici quand vous voulez."
            )
        return _retour(forme)
    if not relu.is_valid():
        return _page(requete, forme, relu, statut=422)
    return _importer(requete, forme, relu)


def _manque(form: FormulaireDemande, cle: str) -> bool:
    """Nothing was chosen for this zone yet: no reproach to whoever only keeps what is typed."""
    return cle not in form.files and not form.fields[cle].initial


def _importer(requete: Requete, forme: Formulable, form: FormulaireDemande) -> HttpResponse:
    try:
        demande = formulaires.deposer(
            enrolement=forme.enrolement.pk,
            type_demande=forme.type,
            auteur=auteur(requete.user),
            recu_le=recu_le(requete),
        )
    except DejaDeposee:
        raise
    except GesteImpossible as refus:
        return _page(requete, forme, form, alerte=str(refus), statut=409)
    messages.success(
        requete,
        f"Votre demande {demande.numero} est importée : elle est transmise au service de gestion pour instruction. "
        f"Reçue le {instant_exact(demande.depose_le)}.",
    )
    return _retour(forme)


def _garder(requete: Requete, forme: Formulable, form: FormulaireDemande, geste: str) -> brouillons.Garde:
    return brouillons.garder(
        enrolement=forme.enrolement,
        type_demande=forme.type,
        saisie=form.saisie(),
        auteur=auteur(requete.user),
        version=version_de(requete),
        pieces=[_a_garder(zone, fichier) for zone, fichier in form.fichiers_acceptes().items()],
        retirer=[zone.type for cle, zone in form.zones.items() if geste == f"{RETIRER}{cle}"],
    )


def version_du(brouillon: BrouillonDemande | None) -> int:
    return brouillon.version if brouillon else 0


def sans_page(garde: brouillons.Garde) -> HttpResponse:
    """What the script that keeps what is typed is answered: the version that it sends the next time."""
    return HttpResponse(status=204, headers={VERSION: str(garde.version)})


def _noms_repetes(form: FormulaireDemande) -> list[tuple[str, str]]:
    """Two pieces of one name cannot be told apart once attached: said at the second zone."""
    vus: dict[str, str] = {}
    refus = []
    for cle, zone in form.zones.items():
        nom = form.fields[cle].initial
        if not nom:
            continue
        if nom.lower() in vus:
            refus.append(
                (
                    cle,
                    f"« {nom} » est déjà le nom du fichier de « {vus[nom.lower()]} » : renommez l'un des deux.",
                )
            )
        vus.setdefault(nom.lower(), zone.libelle)
    return refus


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
        "version": version_du(brouillons.du_depot(forme.enrolement, forme.type)),
        "inscrits": qui_deposent_par_formulaire(forme.enrolement.entreprise),
        "numero_ans": forme.enrolement.referencement.numero_ans,
        "etape": forme.type,
        "alerte": alerte,
        "precedente": precedente,
        "peut_envoyer": peut_deposer(requete.user) and not forme.empechements,
    }
    return render(requete, "fournisseur/ma_demande/deposer.html", contexte, status=statut)


def _retour(forme: Formulable) -> HttpResponse:
    return redirect("fournisseur:ma_demande_etape", forme.enrolement.referencement.numero_ans, forme.type)
