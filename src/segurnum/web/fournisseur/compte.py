"""Signing in and out (PUB-035 to PUB-043)."""

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
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import cles_acces, connexions, demonstration
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
from segurnum.seuil.acces import Requete
from segurnum.seuil.appareil import appareil_connu
from segurnum.seuil.limites import ADRESSE, HEURE, limite, sans_ecriture, se_compte
from segurnum.web.commun.captcha import ChampCaptcha, Protection
from segurnum.web.fournisseur.entree import (
    CLE_ACCES,
    MOT_DE_PASSE,
    Attente,
    accueil_de,
    entrer,
    ouvrir,
    suite_demandee,
)

RECONNU_PAR_L_APPAREIL = "Code ou empreinte de l'appareil"
_DEFI = "defi_de_connexion"


class FormulaireConnexion(Protection, AuthenticationForm):
    """One sentence for every refusal: it does not say which of the two values is wrong (PUB-042).

    `attente`: set when there were too many tries. A captcha is asked of unknown browsers while an account is attacked.
    """

    attente: TropDEssais | None = None

    username = forms.CharField(
        label="Votre identifiant",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": "Saisissez votre identifiant."},
    )
    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Saisissez votre mot de passe."},
    )
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


@login_not_required
@sans_ecriture
@limite("cle-acces", ADRESSE, 300, HEURE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
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
    demande = cles_acces.demander(None)
    requete.session[_DEFI] = demande.defi
    contexte = {"options": demande.options, "suite": suite_demandee(requete)}
    statut = 422 if requete.method == "POST" else 200
    return render(requete, "fournisseur/compte/entrer_par_cle.html", contexte, status=statut)


@login_not_required
@sans_ecriture
@limite("deconnexion", ADRESSE, 600, HEURE)
@never_cache
@require_POST
def deconnexion(requete: Requete) -> HttpResponse:
    """Nothing of the session stays in the browser but the mark by which it is known again."""
    if requete.user.is_authenticated:
        connexions.quitter(personne=requete.user)
    logout(requete)
    reponse = redirect(resolve_url("fournisseur:connexion"))
    reponse["Clear-Site-Data"] = '"cache", "storage"'
    return reponse
