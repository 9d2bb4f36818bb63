"""Signing in and out (PUB-035 to PUB-043): by a password, a passkey, an identity provider, and the one door to all.

Whatever proved who somebody is, the second factor is asked at that door. An OpenID Connect provider proves an identity,
and the portal looks for its account: none is created here.
"""

import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from segurnum.comptes import cles_acces, connexions, demonstration, oidc
from segurnum.comptes.identites import reconnaitre
from segurnum.comptes.queries import par_identifiant
from segurnum.limites.adresses import adresse_client, empreinte_reseau
from segurnum.limites.connexion import (
    Tentative,
    TropDEssais,
    commencer,
    connexion_suspendue,
    preuve_attendue,
    reussir,
)
from segurnum.limites.phrases import secondes_avant
from segurnum.seuil.acces import Requete, bouton_public, formulaire_public
from segurnum.seuil.appareil import appareil_connu
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
from segurnum.web.commun.champs import champ, mot_de_passe

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
        tape = self.data.get("username", "")
        if not tape.strip() or not tape.isprintable():
            return None
        connu = par_identifiant(tape)
        saisi = connu.username if connu else tape.strip()
        reseau = empreinte_reseau(adresse_client(self.requete))
        return Tentative(saisi, reseau, appareil_connu(self.requete, saisi))

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
