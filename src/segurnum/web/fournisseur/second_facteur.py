"""The second factor: its code when signing in, and its pages in « Mon compte »."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from segurnum.comptes import second_facteur as services
from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import a_un_second_facteur
from segurnum.comptes.sessions import fermer
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete
from segurnum.web.commun.appareil import appareil_connu
from segurnum.web.commun.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.web.commun.presence import SECOND_FACTEUR_VERIFIE
from segurnum.web.fournisseur.entree import attendu, ouvrir

_CLE = "cle_a_confirmer"
CODE_FAUX = (
    "Ce code n'est pas le bon, ou il a déjà servi. Saisissez les six chiffres que l'application affiche "
    "maintenant, ou un code de secours qui n'a pas servi."
)


class FormulaireCode(forms.Form):
    code = forms.CharField(
        label="Code à six chiffres, ou code de secours",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": "Saisissez le code affiché par votre application d'authentification."},
    )


class FormulairePremierCode(FormulaireCode):
    code = forms.CharField(
        label="Code à six chiffres affiché par l'application",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Saisissez les six chiffres affichés par l'application."},
    )


@login_not_required
@never_cache
@sans_ecriture
@limite("code", ADRESSE, 300, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def second_facteur(requete: HttpRequest) -> HttpResponse:
    """Between the password and the portal."""
    attente = attendu(requete)
    if attente is None:
        if requete.method == "POST":
            messages.error(requete, "Le délai pour saisir le code est passé : recommencez la connexion.")
        return redirect("fournisseur:connexion")
    personne, suite = attente
    form = FormulaireCode(requete.POST if requete.method == "POST" else None)
    if _code_accepte(form, personne, appareil_connu(requete, personne.username)):
        return ouvrir(requete, personne, suite, avec_code=True)
    return render(
        requete,
        "fournisseur/compte/code.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


def _code_accepte(form: FormulaireCode, personne: Utilisateur, appareil: str = "") -> bool:
    """Whether the form carries a good code; says beside the field why not."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        if services.verifier(personne=personne, code=form.cleaned_data["code"], appareil=appareil):
            return True
        form.add_error("code", CODE_FAUX)
    except GesteImpossible as refus:
        form.add_error("code", str(refus))
    return False


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activer_second_facteur(requete: Requete) -> HttpResponse:
    """The key waits in the session until the application has shown that it knows it."""
    if a_un_second_facteur(requete.user):
        return redirect("fournisseur:compte")
    cle = requete.session.setdefault(_CLE, services.nouvelle_cle())
    form = FormulairePremierCode(requete.POST if requete.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            codes = services.activer(personne=requete.user, cle=cle, code=form.cleaned_data["code"])
        except GesteImpossible as refus:
            form.add_error("code", str(refus))
        else:
            del requete.session[_CLE]
            requete.session[SECOND_FACTEUR_VERIFIE] = True
            fermer(requete.user, sauf=requete.session.session_key)  # none of them was asked for a code
            return _montrer_les_codes(requete, codes)
    return render(
        requete,
        "fournisseur/compte/activer_second_facteur.html",
        {
            "form": form,
            "cle": " ".join(cle[debut : debut + 4] for debut in range(0, len(cle), 4)),
            "image": services.image(requete.user, cle),
            "exige": services.exige(requete.user),
        },
        status=422 if form.is_bound else 200,
    )


def _montrer_les_codes(requete: Requete, codes: list[str]) -> HttpResponse:
    """Shown once, in the answer to the very gesture that made them: they are kept nowhere in clear."""
    return render(requete, "fournisseur/compte/codes_secours.html", {"codes": codes})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renouveler_codes(requete: Requete) -> HttpResponse:
    form = FormulaireCode(requete.POST if requete.method == "POST" else None)
    if not a_un_second_facteur(requete.user):
        return redirect("fournisseur:compte")
    if _code_accepte(form, requete.user):
        return _montrer_les_codes(requete, services.renouveler_les_codes(personne=requete.user))
    return _demander_un_code(
        requete, form, "Renouveler mes codes de secours", "Les codes de secours précédents ne serviront plus."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retirer_second_facteur(requete: Requete) -> HttpResponse:
    form = FormulaireCode(requete.POST if requete.method == "POST" else None)
    if not a_un_second_facteur(requete.user):
        return redirect("fournisseur:compte")
    if services.exige(requete.user):
        messages.error(requete, "Votre profil demande un second facteur : il ne peut pas être retiré.")
        return redirect("fournisseur:compte")
    if _code_accepte(form, requete.user):
        services.retirer(personne=requete.user, par=requete.user)
        messages.success(
            requete, "Votre second facteur est retiré : votre mot de passe suffit à vous connecter."
        )
        return redirect("fournisseur:compte")
    return _demander_un_code(
        requete, form, "Retirer mon second facteur", "Votre mot de passe suffira ensuite à vous connecter."
    )


def _demander_un_code(requete: Requete, form: FormulaireCode, titre: str, effet: str) -> HttpResponse:
    contexte = {"form": form, "titre_page": titre, "effet": effet}
    statut = 422 if form.is_bound else 200
    return render(requete, "fournisseur/compte/confirmer_par_code.html", contexte, status=statut)
