"""The passkeys of « Mon compte »: added under a name, renamed, removed.

Signing in with one is in `compte`, when it is alone, and in `second_facteur`.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import cles_acces as services
from segurnum.comptes.queries import a_un_second_facteur, cles_acces
from segurnum.comptes.second_facteur import exige
from segurnum.comptes.sessions import decrire_appareil
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete
from segurnum.web.fournisseur.confirmation import confirmation_recente
from segurnum.web.fournisseur.second_facteur import facteur_ajoute

_DEFI = "defi_de_la_nouvelle_cle"


class FormulaireNom(forms.Form):
    nom = forms.CharField(
        label="Nom de la clé",
        max_length=60,
        help_text="Pour la reconnaître dans la liste : « Téléphone », « Clé USB du bureau »…",
        error_messages={"required": "Donnez un nom à la clé."},
    )


class FormulaireCle(FormulaireNom):
    cle = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_cle(self) -> str:
        reponse: str = self.cleaned_data["cle"]
        if not reponse:
            raise forms.ValidationError("Votre navigateur n'a pas donné de clé : recommencez.")
        return reponse


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_recente
def ajouter(requete: Requete) -> HttpResponse:
    initial = {"nom": decrire_appareil(requete.headers.get("User-Agent", ""))}
    form = FormulaireCle(requete.POST if requete.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        codes = _ajouter(requete, form)
        if codes is not None:
            return facteur_ajoute(requete, codes)
    demande = services.demander_une_nouvelle(requete.user)
    requete.session[_DEFI] = demande.defi
    contexte = {
        "form": form,
        "options": demande.options,
        "exige": exige(requete.user) and not a_un_second_facteur(requete.user),
    }
    statut = 422 if form.is_bound else 200
    return render(requete, "fournisseur/compte/ajouter_cle.html", contexte, status=statut)


def _ajouter(requete: Requete, form: FormulaireCle) -> list[str] | None:
    """The recovery codes that go with a first factor; None for a refusal, said on the form."""
    donnees: dict[str, Any] = form.cleaned_data
    defi = requete.session.pop(_DEFI, "")
    try:
        return services.ajouter(personne=requete.user, nom=donnees["nom"], reponse=donnees["cle"], defi=defi)
    except GesteImpossible as refus:
        form.add_error(refus.champ, str(refus))
        return None


@require_POST
def renommer(requete: Requete, cle: int) -> HttpResponse:
    ligne = get_object_or_404(cles_acces(requete.user), pk=cle)
    form = FormulaireNom(requete.POST)
    try:
        if form.is_valid():
            services.renommer(personne=requete.user, cle=ligne.pk, nom=form.cleaned_data["nom"])
            messages.success(requete, "La clé d'accès est renommée.")
        else:
            messages.error(requete, " ".join(str(erreur) for erreur in form.errors["nom"]))
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    return redirect("fournisseur:compte")


@require_POST
@confirmation_recente
def retirer(requete: Requete, cle: int) -> HttpResponse:
    ligne = get_object_or_404(cles_acces(requete.user), pk=cle)
    try:
        services.retirer(personne=requete.user, cle=ligne.pk)
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, "La clé d'accès est retirée.")
    return redirect("fournisseur:compte")
