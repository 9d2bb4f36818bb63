"""Signing in and out (PUB-035 to PUB-043): by a password, a passkey, an identity provider, and the one door to all; and
the proof that is asked again of who is in, before what a thief of a session would do first.

Whatever proved who somebody is, the second factor is asked at that door. An OpenID Connect provider proves an identity,
and the portal looks for its account: none is created here. The question asked again comes at the address of the gesture
itself: answered, the page goes on with all that was sent to it.
"""

import logging
from collections.abc import Mapping
from functools import wraps
from typing import Any, ParamSpec

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import RedirectView

from segurnum.comptes import cles_acces, connexions, demonstration, oidc, preuves
from segurnum.comptes.identites import reconnaitre
from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import a_un_second_facteur
from segurnum.comptes.sessions import confirmee, marquer_la_confirmation
from segurnum.kits.champs import champ, mot_de_passe
from segurnum.limites.connexion import (
    Tentative,
    TropDEssais,
    commencer,
    connexion_suspendue,
    preuve_attendue,
    reussir,
)
from segurnum.limites.phrases import secondes_avant
from segurnum.seuil.acces import Requete, Vue, VueGardee, bouton_public, formulaire_public, page_publique
from segurnum.seuil.appareil import tentative
from segurnum.seuil.limites import ADRESSE, HEURE, limite, sans_ecriture, se_compte
from segurnum.seuil.ouverture import (
    CLE_ACCES,
    MOT_DE_PASSE,
    Attente,
    accueil_de,
    defier,
    entrer,
    ouvrir,
    suite_demandee,
)
from segurnum.web.commun.captcha import ChampCaptcha, Protection

journal = logging.getLogger(__name__)
_SUITE = "suite_oidc"
RECONNU_PAR_L_APPAREIL = "Code ou empreinte de l'appareil"
_DEFI = "defi_de_connexion"


class FormulaireConnexion(Protection, AuthenticationForm):
    """One sentence for every refusal: it does not say which of the two values is wrong (PUB-042).

    `attente`: set when there were too many tries. A captcha is asked of unknown browsers while an account is attacked.
    """

    attente: TropDEssais | None = None

    username = champ(
        "Votre identifiant",
        "Saisissez votre identifiant.",
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = mot_de_passe("Votre mot de passe", "Saisissez votre mot de passe.")
    error_messages = {
        "invalid_login": "L'identifiant ou le mot de passe n'est pas le bon. Vérifiez-les et recommencez : "
        "majuscules et minuscules comptent dans le mot de passe.",
        "inactive": "L'identifiant ou le mot de passe n'est pas le bon.",
    }

    def __init__(self, requete: HttpRequest, data: Any = None) -> None:
        super().__init__(requete, data)
        self.requete = requete
        if self._tentative and preuve_attendue(self._tentative):
            self.fields["captcha"] = ChampCaptcha()

    @cached_property
    def _tentative(self) -> Tentative | None:
        """The try, once an identifier is typed."""
        return tentative(self.requete, self.data.get("username", ""))

    def clean_username(self) -> str:
        """Letter case does not count in an identifier."""
        return self._tentative.identifiant if self._tentative else ""

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        if self._tentative is None:
            raise self.get_invalid_login_error()
        try:
            commencer(self._tentative)
        except TropDEssais as refus:
            self.attente = refus
            connexion_suspendue.send(type(self), request=self.requete, username=self._tentative.identifiant)
            raise ValidationError(str(refus)) from refus
        valeurs: dict[str, Any] = super().clean()
        reussir(self._tentative)
        return valeurs


# Guides lead there from the private portal; the form is one for everybody.
assistance = page_publique(RedirectView.as_view(pattern_name="public:assistance"))


@login_not_required
@sans_ecriture
@se_compte
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(requete: Requete) -> HttpResponse:
    if requete.user.is_authenticated:
        return redirect(accueil_de(requete.user))
    formulaire = FormulaireConnexion(requete, requete.POST if requete.method == "POST" else None)
    if requete.method == "POST" and formulaire.is_valid():
        utilisateur: Any = formulaire.get_user()
        return entrer(requete, utilisateur, suite_demandee(requete), moyen=MOT_DE_PASSE)
    reponse = render(
        requete,
        "fournisseur/connexion.html",
        {
            "form": formulaire,
            "suite": suite_demandee(requete),
            "comptes": demonstration.COMPTES.items(),
            "mot_de_passe": demonstration.MOT_DE_PASSE,
            "boite_de_demonstration": demonstration.BOITE,
            "oidc": settings.OIDC_LIBELLE if settings.OIDC_EMETTEUR else "",
        },
    )
    if formulaire.attente is not None:
        reponse.status_code = 429
        reponse["Retry-After"] = str(secondes_avant(formulaire.attente.jusqu_a))
    return reponse


@formulaire_public("cle-acces", 300)
@sans_ecriture
@never_cache
def cle_acces(requete: Requete) -> HttpResponse:
    """Signing in by a passkey alone: the authenticator says who it is, and has checked that it is them."""
    if requete.user.is_authenticated:
        return redirect(accueil_de(requete.user))
    if requete.method == "POST":
        defi = requete.session.pop(_DEFI, "")
        reponse = requete.POST.get("cle", "")
        personne = cles_acces.verifier(reponse=reponse, defi=defi, personne=None) if defi else None
        if personne is not None:
            attente = Attente(personne, suite_demandee(requete), CLE_ACCES)
            return ouvrir(requete, attente, second=RECONNU_PAR_L_APPAREIL)
        connexions.echouer(identifiant="", reseau=connexions.origine(requete).reseau)
        messages.error(
            requete,
            "Cette clé d'accès n'a pas été reconnue. Recommencez, ou connectez-vous par votre mot de passe.",
        )
    suite = suite_demandee(requete)
    contexte = {
        "options": defier(requete, _DEFI, None),
        "champ_cle": "cle",
        "bouton_cle": "Me connecter par ma clé",
        "gardes": [("next", suite)] if suite else [],
        "retour": "fournisseur:connexion",
    }
    statut = 422 if requete.method == "POST" else 200
    return render(requete, "fournisseur/compte/entrer_par_cle.html", contexte, status=statut)


@bouton_public("deconnexion", 600)
@sans_ecriture
@never_cache
def deconnexion(requete: Requete) -> HttpResponse:
    """Nothing of the session stays in the browser but the mark by which it is known again."""
    if requete.user.is_authenticated:
        connexions.quitter(personne=requete.user)
    logout(requete)
    reponse = redirect(resolve_url("fournisseur:connexion"))
    reponse["Clear-Site-Data"] = '"cache", "storage"'
    return reponse


@login_not_required
@never_cache
@limite("oidc", ADRESSE, 300, HEURE, quoi="connexions", lectures=True)
@require_safe
def oidc_partir(requete: HttpRequest) -> HttpResponse:
    """Send the browser to the provider. A link and not a form: the content policy keeps forms on the portal."""
    if not settings.OIDC_EMETTEUR:
        return redirect("fournisseur:connexion")
    requete.session[_SUITE] = suite_demandee(requete)
    try:
        return oidc.partir(requete)
    except oidc.PANNES as erreur:
        return _echec(requete, erreur)


@formulaire_public("oidc", 300, quoi="connexions")
@never_cache
@sans_ecriture
def oidc_revenir(requete: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser back. Opening the session writes: it is done by a form, sent at once."""
    if not settings.OIDC_EMETTEUR:
        return redirect("fournisseur:connexion")
    if requete.method != "POST":
        if "code" not in requete.GET or "state" not in requete.GET:
            return _echec(requete, requete.GET.get("error", "retour sans code"))
        return render(requete, "fournisseur/compte/retour_oidc.html", {"retour": requete.GET})
    try:
        sujet, courriel = oidc.identite_prouvee(requete)
    except oidc.PANNES as erreur:
        return _echec(requete, erreur)
    personne = reconnaitre(emetteur=settings.OIDC_EMETTEUR, sujet=sujet, courriel=courriel)
    if personne is None:
        connexions.echouer(identifiant="", reseau=connexions.origine(requete).reseau)
        messages.error(
            requete,
            f"{settings.OIDC_LIBELLE} vous a reconnu, mais aucun compte du portail n'a votre adresse électronique, ou "
            "il s'ouvre par une autre identité. Connectez-vous avec votre identifiant, ou contactez l'assistance.",
        )
        return redirect("fournisseur:connexion")
    return entrer(requete, personne, requete.session.pop(_SUITE, ""), moyen=settings.OIDC_LIBELLE)


def _echec(requete: HttpRequest, cause: object) -> HttpResponse:
    journal.warning("Connexion par %s refusée : %s", settings.OIDC_LIBELLE, cause)
    messages.error(
        requete,
        f"La connexion par {settings.OIDC_LIBELLE} n'a pas abouti. Recommencez, ou connectez-vous avec votre "
        "identifiant et votre mot de passe.",
    )
    return redirect("fournisseur:connexion")


P = ParamSpec("P")
_DEFI_CONFIRMATION = "defi_de_confirmation"
_GESTE = "confirmation"  # GET: the page was being opened; POST: something was being sent
_SECRETS = ("confirmation_mot_de_passe", "confirmation_code", "confirmation_cle")
_CHAMPS = (_GESTE, *_SECRETS, "csrfmiddlewaretoken")


def champ_code(sinon: str, libelle: str = "Code à six chiffres, ou code de secours", **attributs: str) -> Any:
    """A code of six digits, or of those kept for the day when there is no other."""
    saisi = forms.TextInput({"autocomplete": "one-time-code", **attributs})
    return champ(libelle, sinon, max_length=20, widget=saisi)


class FormulaireConfirmation(forms.Form):
    """One field: the code of who has a second factor, the password of who has none."""

    confirmation_mot_de_passe = mot_de_passe("Votre mot de passe", "Saisissez votre mot de passe.")
    confirmation_code = champ_code(
        "Saisissez le code affiché par votre application, ou un code de secours.", autocapitalize="characters"
    )

    def __init__(self, *args: Any, par_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["confirmation_mot_de_passe" if par_code else "confirmation_code"]


def confirmation_recente(vue: Vue[P]) -> VueGardee[P]:
    """The page is for who proved lately that it is them; the others are asked to, and then get there."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return reponse_a_la_confirmation(requete) or (
            vue(requete, *args, **kwargs) if confirmee(requete.session) else demander(requete)
        )

    return gardee


def confirmation_entendue(vue: Vue[P]) -> VueGardee[P]:
    """For a view that asks by itself, with `demander`, once it has kept the files that were sent to it."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return reponse_a_la_confirmation(requete) or vue(requete, *args, **kwargs)

    return gardee


def reponse_a_la_confirmation(requete: Requete) -> HttpResponse | None:
    """What answers a proof that was sent: the question again, or the page itself.

    None when the view goes on: nothing was asked, or the gesture that waited for its proof has it.
    """
    geste = requete.POST.get(_GESTE)
    if geste is None:
        return None
    form = _formulaire(requete, None if requete.POST.get("confirmation_cle") else requete.POST)
    cle, defi = "confirmation_cle", _DEFI_CONFIRMATION
    if not prouve(requete, requete.user, form, cle=cle, defi=defi, echec="ECHEC_CONFIRMATION"):
        return demander(requete, form=form)
    marquer_la_confirmation(requete.session)
    if geste != "POST":
        return redirect(requete.get_full_path())
    requete.POST = _sans_la_preuve(requete)  # type: ignore[assignment]
    return None


def demander(
    requete: Requete, *, form: FormulaireConfirmation | None = None, en_plus: Mapping[str, str] | None = None
) -> HttpResponse:
    """Ask for a proof, keeping what was sent. `en_plus`: values that stand for the files, which no page sends again."""
    geste = requete.POST.get(_GESTE, requete.method or "")
    contexte = {
        "form": form or _formulaire(requete),
        "bouton": "Confirmer",
        "champ_cle": "confirmation_cle",
        "geste": geste,
        "gardes": [(_GESTE, geste), *_gardes(requete), *(en_plus or {}).items()],
        "par_code": a_un_second_facteur(requete.user),
        "options": defier(requete, _DEFI_CONFIRMATION, requete.user),
        "oidc": settings.OIDC_LIBELLE if settings.OIDC_EMETTEUR else "",
        "retour": "fournisseur:compte",
    }
    statut = 422 if form is not None else 200
    return render(requete, "fournisseur/compte/confirmer.html", contexte, status=statut)


def _formulaire(requete: Requete, donnees: Any = None) -> FormulaireConfirmation:
    return FormulaireConfirmation(donnees, par_code=a_un_second_facteur(requete.user))


def _gardes(requete: Requete) -> list[tuple[str, str]]:
    """What is sent again with the proof; of a page that was being opened, the company that it acts for."""
    if requete.method != "POST":
        return [("entreprise", str(requete.user.entreprise_id))] if requete.user.entreprise_id else []
    return [(nom, valeur) for nom, valeurs in _sans_la_preuve(requete).lists() for valeur in valeurs]


def _sans_la_preuve(requete: Requete) -> QueryDict:
    restent = requete.POST.copy()
    for nom in _CHAMPS:
        restent.pop(nom, None)
    return restent


def prouve(
    requete: HttpRequest,
    personne: Utilisateur,
    form: forms.Form,
    *,
    cle: str,
    defi: str,
    echec: str,
    sinon: str = "recommencez.",
    **du_code: Any,
) -> bool:
    """Whether the passkey that came under `cle`, or else the one field of the form, proves the person; says why not.

    `defi`: where the session keeps what the passkey was asked. `du_code`: what is told of a code besides.
    """
    reseau = connexions.origine(requete).reseau
    qui: dict[str, Any] = {"personne": personne, "reseau": reseau, "echec": echec}
    if reponse := requete.POST.get(cle):
        faute = preuves.par_cle(reponse=reponse, defi=requete.session.pop(defi, ""), **qui)
        if faute:
            messages.error(requete, f"{faute} : {sinon}")
        return not faute
    if not form.is_valid():
        return False
    ((champ_rempli, preuve),) = form.cleaned_data.items()
    if champ_rempli.endswith("code"):
        faute = preuves.par_code(code=preuve, **qui, **du_code)
    else:
        faute = preuves.par_mot_de_passe(mot_de_passe=preuve, **qui)
    if faute:
        form.add_error(champ_rempli, faute)
    return not faute
