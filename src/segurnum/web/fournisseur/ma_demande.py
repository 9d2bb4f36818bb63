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
from segurnum.demandes import brouillons, queries
from segurnum.demandes.brouillons import DejaDeposee, PieceAGarder
from segurnum.demandes.models import STATUTS_ETEINTS, Demande
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import formulaires
from segurnum.depots.formulaires import Formulable, Recu
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.regles.calendrier import instant_exact
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible, SaisieDepassee
from segurnum.seuil.acces import Requete, entreprise_de, fournisseurs
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.televersement import recoit, trop_gros
from segurnum.seuil.version_saisie import envoi_de, gardee, non_gardee, sans_page
from segurnum.web.commun.champ_fichier import contenu
from segurnum.web.fournisseur import demandes
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.formulaires_demande import FormulaireDemande
from segurnum.web.fournisseur.presentation_formulaire import presenter
from segurnum.web.fournisseur.suites import Suite

RETIRER, ENREGISTRER, VERIFIER, IMPORTER = "retirer:", "enregistrer", "verifier", "importer"
# Three zones of 4 Mo come together at most, with the fields around them.
TAILLE_FORMULAIRE = 3 * TAILLE_ZONE
TROP_GROS = (
    f"L'envoi dépasse la taille permise : chaque fichier doit peser {PIECE_FORMULAIRE.limite_exacte} au plus."
)
ENREGISTREE = "Votre saisie est enregistrée : vous pouvez la reprendre ici quand vous voulez."
IMPORTEE = (
    "Votre demande {} est importée : elle est transmise au service de gestion pour instruction. Reçue le {}."
)
AFFICHEE = Suite(200)


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
        return redirect("fournisseur:ma_demande_etape", numero_ans, attendue.type)
    inscrit = inscrits.first()
    if inscrit is None:
        return render(requete, "fournisseur/ma_demande/aucune.html", {})
    avance = queries.vivante(inscrit, TypeDemande.AVANCE)
    decidee = avance is not None and avance.statut is StatutDemande.DECIDEE
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
    if deposee is not None and (deposee.statut not in STATUTS_ETEINTS or forme.empechements):
        return demandes.demande(requete, deposee.numero)
    return _page(requete, forme, _formulaire(forme), precedente=deposee)


def _enrolement(entreprise: Entreprise, numero_ans: str) -> Enrolement:
    inscrit = qui_deposent_par_formulaire(entreprise).filter(referencement__numero_ans=numero_ans).first()
    if inscrit is None:
        raise Http404
    return inscrit


def _recevoir(requete: Requete, forme: Formulable) -> HttpResponse:
    """Read what came, keep it all and do what the button says in one call, then answer."""
    form = _formulaire(forme, requete.POST, requete.FILES)
    juste = form.is_valid() and not trop_gros(requete)
    # The end of a file that is too big is not read, nor what follows it: nothing is then done but keeping.
    geste = requete.POST.get("geste", ENREGISTRER)
    try:
        recu = formulaires.recevoir(
            forme=forme,
            saisie=form.saisie(),
            auteur=auteur(requete.user),
            envoi=envoi_de(requete),
            pieces=[PieceAGarder(zone.type, *contenu(f)) for zone, f in form.fichiers_acceptes().items()],
            retirer=[zone.type for cle, zone in form.zones.items() if geste == f"{RETIRER}{cle}"],
            importer=juste and geste == IMPORTER,
            recu_le=recu_le(requete),
        )
    except GesteImpossible as refus:
        return _refuser(requete, forme, refus)
    if sans_page(requete):
        return gardee()
    form.retenir(recu.garde)
    if trop_gros(requete):
        form.add_error(None, TROP_GROS)
    suite = suite_de(geste, form, recu, trop_gros=trop_gros(requete))
    if suite.statut:
        return _page(requete, forme, form, suite=suite)
    if suite.message:
        messages.success(requete, suite.message)
    return _retour(forme)


def suite_de(geste: str, form: FormulaireDemande, recu: Recu, *, trop_gros: bool) -> Suite:
    """What is answered to a form that was kept. Who only keeps what is typed is not told what it lacks."""
    if trop_gros:
        return Suite(413)
    if recu.demande is not None:
        return Suite(message=IMPORTEE.format(recu.demande.numero, instant_exact(recu.demande.depose_le)))
    if recu.refus:
        return Suite(409, alerte=recu.refus)
    if geste == ENREGISTRER:
        return Suite(422) if form.pieces_refusees else Suite(message=ENREGISTREE)
    if geste not in (IMPORTER, VERIFIER):
        return Suite()
    return Suite(422) if form.errors else Suite(200, question=True)


def _refuser(requete: Requete, forme: Formulable, refus: GesteImpossible) -> HttpResponse:
    """Nothing was kept. A second sending leads to what the first one made; another tab's is told."""
    if sans_page(requete):
        return non_gardee(refus)
    if isinstance(refus, DejaDeposee):
        messages.info(requete, f"{refus} Rien d'autre n'a été envoyé.")
        return _retour(forme)
    if isinstance(refus, SaisieDepassee):
        return _retour(forme)
    return _page(requete, forme, _formulaire(forme, requete.POST), suite=Suite(409, alerte=str(refus)))


def _formulaire(forme: Formulable, data: Any = None, files: Any = None) -> FormulaireDemande:
    brouillon = brouillons.du_depot(forme.enrolement, forme.type)
    return FormulaireDemande(
        champs_modifiables(forme.couloir, forme.type, {}), forme.zones, data, files, brouillon=brouillon
    )


def _page(
    requete: Requete,
    forme: Formulable,
    form: FormulaireDemande,
    *,
    suite: Suite = AFFICHEE,
    precedente: Demande | None = None,
) -> HttpResponse:
    contexte = {
        "forme": forme,
        "form": form,
        "presentation": presenter(forme),
        "version": form.version,
        "inscrits": qui_deposent_par_formulaire(forme.enrolement.entreprise),
        "numero_ans": forme.enrolement.referencement.numero_ans,
        "etape": forme.type,
        "alerte": suite.alerte,
        "question": suite.question,
        "precedente": precedente,
        "peut_envoyer": peut_deposer(requete.user) and not forme.empechements,
    }
    return render(requete, "fournisseur/ma_demande/deposer.html", contexte, status=suite.statut)


def _retour(forme: Formulable) -> HttpResponse:
    return redirect("fournisseur:ma_demande_etape", forme.enrolement.referencement.numero_ans, forme.type)
