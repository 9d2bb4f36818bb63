"""The initial enrolment: five steps, from an ANS number to « Terminer » (ENR-009 to ENR-061)."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.annuaire.entreprise import AnnuaireIndisponible, EntrepriseTrouvee
from segurnum.annuaire.queries import chercher
from segurnum.comptes.models import PROFILS_ENTREPRISE
from segurnum.enrolements import brouillons, services
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.enrolements.models import Brouillon
from segurnum.referentiel.banques import domiciliation as banque_de
from segurnum.referentiel.communes import communes as communes_du_code
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.identifiants import normaliser_iban
from segurnum.web.commun.enrolement import etapes, recepisse
from segurnum.web.commun.enrolement.formulaires import TAILLE_ETAPE, FormulaireBanque, FormulaireNumero
from segurnum.web.commun.enrolement.parcours import (
    CONFIRMATION,
    DEMANDEUR,
    ETAPES,
    PAR_CLE,
    REFERENCEMENT,
    TVA,
    Etape,
    Parcours,
)
from segurnum.web.commun.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.web.commun.televersement import recoit, trop_gros
from segurnum.web.commun.version_saisie import envoi_de, gardee, non_gardee, sans_page
from segurnum.web.public.formulaires_enrolement import FormulaireConfirmation, FormulaireSiret
from segurnum.web.public.pages_enrolement import page_de
from segurnum.web.public.premier_fichier import PHRASE, fichiers_permis, refuses

ALLER, SUIVANTE, LIEN = "aller:", "suivante", "lien"
SESSION = "brouillon_enrolement"
SESSION_RECEPISSE = "enrolement_recu"
PERDU = (
    "Votre saisie n'est plus là : elle a été effacée, envoyée ou n'a pas été touchée depuis trente jours. "
    "Commencez une nouvelle demande."
)


@login_not_required
@require_safe
@never_cache
def enrolement(requete: HttpRequest) -> HttpResponse:
    """The door: a company that has an account goes to the complementary form, another where it was (ENR-002)."""
    if getattr(requete.user, "profil", None) in PROFILS_ENTREPRISE:
        return redirect("fournisseur:enrolement_complementaire")
    return redirect("public:enrolement_etape", parcours_de(requete).a_completer.cle)


@login_not_required
@never_cache
@recoit(TAILLE_ETAPE)
@limite("enrolement", ADRESSE, 2_000, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def etape(requete: HttpRequest, etape: str) -> HttpResponseBase:
    """A step. One that is typed in the address bar before its turn leads to the first that is not complete."""
    voulue = PAR_CLE.get(etape)
    if voulue is None:
        raise Http404
    parcours = parcours_de(requete)
    attendue = parcours.a_completer
    if voulue.rang > attendue.rang:
        if sans_page(requete):
            return non_gardee()
        if requete.method == "POST" and parcours.brouillon is None:
            return _perdu(requete)
        messages.warning(
            requete,
            f"Terminez d'abord l'étape « {attendue.libelle} » : l'étape « {voulue.libelle} » vient après.",
        )
        return redirect("public:enrolement_etape", attendue.cle)
    if requete.method != "POST":
        return page_de(requete, parcours, voulue)
    action = ACTIONS.get(requete.POST.get("geste", ""), _envoyer)
    return etapes.recevoir(
        requete,
        lambda: action(requete, parcours, voulue),
        perdu=lambda: _perdu(requete),
        conflit=lambda refus: _conflit(requete, voulue, refus),
    )


# --- What a step's buttons do


def _envoyer(requete: HttpRequest, parcours: Parcours, voulue: Etape) -> HttpResponse:
    """« Étape suivante », and every other way out of a step: what is typed is kept first (ENR-013)."""
    if voulue is CONFIRMATION:
        return redirect("public:enrolement_etape", TVA.cle)
    if parcours.brouillon is None or (voulue is DEMANDEUR and not parcours.siret):
        return redirect("public:enrolement_etape", voulue.cle)
    form = parcours.formulaire(voulue, requete.POST, fichiers_permis(requete, parcours))
    garde = etapes.garder(requete, parcours.brouillon, voulue.cle, form)
    if sans_page(requete):
        return gardee()
    phrase, statut = _refus_des_fichiers(requete)
    if phrase:
        form.add_error(None, phrase)
        return page_de(requete, Parcours(garde), voulue, form=form, statut=statut)
    geste = requete.POST.get("geste", SUIVANTE)
    if geste == LIEN:
        return redirect("public:enrolement_lien")
    ensuite = destination(geste, voulue, juste=not form.errors)
    if ensuite is None:
        return page_de(requete, Parcours(garde), voulue, form=form, statut=422)
    return redirect("public:enrolement_etape", ensuite.cle)


def _refus_des_fichiers(requete: HttpRequest) -> tuple[str, int]:
    """Why the files of this sending were left aside, and the status that says it; no sentence when they were not."""
    if trop_gros(requete):
        return etapes.TROP_GROS, 413
    return (PHRASE, 422) if refuses(requete) else ("", 200)


def destination(geste: str, voulue: Etape, *, juste: bool) -> Etape | None:
    """The next step, « Étape précédente », a step of the panel, or this one again: a file to remove, the communes of a
    code. None when the step is not complete enough to be left by « Étape suivante ».
    """
    if geste == SUIVANTE:
        return ETAPES[voulue.rang] if juste else None
    if geste == "precedente":
        return ETAPES[max(voulue.rang - 2, 0)]
    return PAR_CLE.get(geste.removeprefix(ALLER), voulue)


def _rechercher(requete: HttpRequest, parcours: Parcours, voulue: Etape) -> HttpResponse:
    if voulue is REFERENCEMENT:
        return _rechercher_le_numero(requete, parcours)
    if voulue is DEMANDEUR and parcours.brouillon is not None:
        return _rechercher_le_siret(requete, parcours, parcours.brouillon)
    return redirect("public:enrolement_etape", voulue.cle)


def _rechercher_le_numero(requete: HttpRequest, parcours: Parcours) -> HttpResponse:
    form = FormulaireNumero(requete.POST)
    if not form.is_valid():
        return page_de(requete, parcours, REFERENCEMENT, recherche=form, statut=422)
    ligne = etapes.retenir_le_numero(
        requete,
        parcours.brouillon,
        REFERENCEMENT.cle,
        form.cleaned_data["numero_ans"],
        lambda: brouillons.creer(auteur=brouillons.DEMANDEUR),
    )
    requete.session[SESSION] = str(ligne.pk)
    return redirect("public:enrolement_etape", REFERENCEMENT.cle)


def _rechercher_le_siret(requete: HttpRequest, parcours: Parcours, brouillon: Brouillon) -> HttpResponse:
    form = FormulaireSiret(requete.POST, requete=requete)
    trouvee: EntrepriseTrouvee | None = None
    if form.is_valid():
        try:
            services.exiger_sans_compte(form.cleaned_data["siret"])
            trouvee = chercher(form.cleaned_data["siret"])
        except services.DejaUnCompte as refus:
            form.orienter(refus)
        except AnnuaireIndisponible:
            return _retenir_l_entreprise(requete, parcours, brouillon, form.cleaned_data["siret"], None)
        else:
            form.juger(trouvee)
    if trouvee is None or not form.is_valid():
        return page_de(requete, parcours, DEMANDEUR, recherche=form, statut=422)
    return _retenir_l_entreprise(requete, parcours, brouillon, trouvee.siret, trouvee)


def _retenir_l_entreprise(
    requete: HttpRequest,
    parcours: Parcours,
    brouillon: Brouillon,
    siret: str,
    trouvee: EntrepriseTrouvee | None,
) -> HttpResponse:
    """Prefill the company; the persons already typed stay."""
    brouillons.enregistrer_etape(
        brouillon=brouillon.pk,
        etape=DEMANDEUR.cle,
        saisie=parcours.saisie(DEMANDEUR) | etapes.entreprise_preremplie(siret, trouvee),
        envoi=envoi_de(requete),
    )
    return redirect("public:enrolement_etape", DEMANDEUR.cle)


def _reinitialiser(requete: HttpRequest, parcours: Parcours, voulue: Etape) -> HttpResponse:
    """Start the search again (ENR-019); the files that went with the number are no longer right."""
    if parcours.brouillon is None:
        return redirect("public:enrolement_etape", voulue.cle)
    if voulue is REFERENCEMENT:
        etapes.oublier_le_numero(requete, parcours.brouillon, voulue.cle)
    elif voulue is DEMANDEUR and parcours.siret:
        form = parcours.formulaire(voulue, requete.POST, fichiers_permis(requete, parcours))
        etapes.garder(
            requete,
            parcours.brouillon,
            voulue.cle,
            form,
            sans=etapes.sans_entreprise,
            oublier=etapes.PIECES_DE_L_ENTREPRISE,
        )
    return redirect("public:enrolement_etape", voulue.cle)


def _terminer(requete: HttpRequest, parcours: Parcours, voulue: Etape) -> HttpResponse:
    if voulue is not CONFIRMATION or parcours.brouillon is None:
        return redirect("public:enrolement_etape", voulue.cle)
    form = FormulaireConfirmation(requete.POST, requete=requete)
    if not form.is_valid():
        return page_de(requete, parcours, CONFIRMATION, form=form, statut=422)
    demande = {
        "brouillon": parcours.brouillon.pk,
        "declaration": parcours.declaration(),
        "auteur": brouillons.DEMANDEUR,
        "version": envoi_de(requete).version,
    }
    if not etapes.terminer(requete, form, SESSION_RECEPISSE, **demande):
        return page_de(requete, parcours, CONFIRMATION, form=form, statut=409)
    requete.session.pop(SESSION, None)
    return redirect("public:enrolement_enregistre")


Action = Callable[[HttpRequest, Parcours, Etape], HttpResponse]
ACTIONS: dict[str, Action] = {
    "rechercher": _rechercher,
    "reinitialiser": _reinitialiser,
    "terminer": _terminer,
}


# --- The pages


def _conflit(requete: HttpRequest, voulue: Etape, refus: GesteImpossible) -> HttpResponse:
    """Nothing was kept: what was typed is shown again, with why, on top of what the draft holds now."""
    parcours = parcours_de(requete)
    if parcours.brouillon is None:
        return _perdu(requete)
    if voulue.rang > parcours.a_completer.rang:
        messages.warning(requete, str(refus))
        return redirect("public:enrolement_etape", parcours.a_completer.cle)
    form = None
    if _porte_la_saisie(voulue, requete.POST.get("geste", SUIVANTE)):
        form = etapes.relire(parcours.formulaire(voulue, requete.POST))
    return page_de(requete, parcours, voulue, form=form, statut=409, alerte=str(refus))


def _porte_la_saisie(voulue: Etape, action: str) -> bool:
    """True when what was sent is the step's own form, and not a search, nor « Réinitialiser » beside it."""
    changer_de_siret = voulue is DEMANDEUR and action == "reinitialiser"
    return voulue is not CONFIRMATION and (action not in ACTIONS or changer_de_siret)


@login_not_required
@require_safe
@never_cache
def enregistre(requete: HttpRequest) -> HttpResponse:
    """« Confirmation »: the number to keep (ENR-059)."""
    recu = recepisse.montrer(requete, SESSION_RECEPISSE)
    if recu is None:
        return redirect("public:enrolement")
    return render(requete, "public/enrolement/enregistre.html", recu)


@login_not_required
@limite("enrolement", ADRESSE, 400, HEURE)
@require_POST
def quitter(requete: HttpRequest) -> HttpResponse:
    """« Quitter sans enregistrer »: really erase (ENR-012)."""
    parcours = parcours_de(requete)
    if parcours.brouillon is not None:
        brouillons.effacer(brouillon=parcours.brouillon.pk)
        requete.session.pop(SESSION, None)
        messages.success(requete, "Votre saisie est effacée : ni valeur ni fichier n'ont été conservés.")
    return redirect("public:accueil")


@login_not_required
@require_safe
def communes(requete: HttpRequest) -> HttpResponse:
    """The options of « Commune », for a postal code being typed (ENR-035)."""
    trouvees = communes_du_code(requete.GET.get("code_postal", "").strip())
    return render(requete, "public/enrolement/communes.html", {"communes": trouvees})


@login_not_required
@sans_ecriture
@limite("domiciliation", ADRESSE, 1_000, HEURE)
@require_POST
def domiciliation(requete: HttpRequest) -> HttpResponse:
    """The field « Domiciliation », filled from the IBAN just typed (ENR-049). Nothing is kept.

    An unknown bank empties what named another one; it leaves an empty field alone, which may be being typed.
    """
    banque = banque_de(normaliser_iban(requete.POST.get("iban", "")))
    if banque is None and not requete.POST.get("domiciliation"):
        return HttpResponse(status=204)
    form = FormulaireBanque(initial={"domiciliation": banque.banque if banque else ""})
    return render(requete, "public/enrolement/domiciliation.html", {"champ": form["domiciliation"]})


def parcours_de(requete: HttpRequest) -> Parcours:
    """The draft of this browser. One that is gone is forgotten at the next gesture."""
    cle = requete.session.get(SESSION)
    try:
        return Parcours(brouillons.lire(cle)) if cle else Parcours()
    except BrouillonIntrouvable:
        return Parcours()


def _perdu(requete: HttpRequest) -> HttpResponse:
    """The draft is gone: because it was just sent (« Terminer » twice), or for good."""
    requete.session.pop(SESSION, None)
    if requete.session.get(SESSION_RECEPISSE):
        return redirect("public:enrolement_enregistre")
    messages.error(requete, PERDU)
    return redirect("public:enrolement_etape", REFERENCEMENT.cle)
