"""Signing in and out (PUB-035 to PUB-043)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import demonstration
from segurnum.web.commun.acces import Requete
from segurnum.web.fournisseur.entree import accueil_de, entrer, suite_demandee


class FormulaireConnexion(AuthenticationForm):
    """One sentence for every refusal: it does not say which of the two values is wrong (PUB-042)."""

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


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(requete: Requete) -> HttpResponse:
    if requete.user.is_authenticated:
        return redirect(accueil_de(requete.user))
    formulaire = FormulaireConnexion(requete, requete.POST if requete.method == "POST" else None)
    if requete.method == "POST" and formulaire.is_valid():
        utilisateur: Any = formulaire.get_user()
        return entrer(requete, utilisateur, suite_demandee(requete))
    return render(
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


@login_not_required
@require_POST
def deconnexion(requete: Requete) -> HttpResponse:
    logout(requete)
    return redirect(resolve_url("fournisseur:connexion"))
