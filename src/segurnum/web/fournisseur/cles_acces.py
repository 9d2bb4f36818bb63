"""The passkeys of « Mon compte »: added under a name, renamed, removed.

Signing in with one is in `compte`, when it is alone, and in `second_facteur`.
"""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import cles_acces as services
from segurnum.comptes.queries import a_un_second_facteur, cles_acces
from segurnum.comptes.second_facteur import exige
from segurnum.comptes.sessions import decrire_appareil
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import Requete
from segurnum.web.fournisseur.confirmation import confirmation_recente
from segurnum.web.fournisseur.second_facteur import facteur_ajoute
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi, faire, traiter

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
    form = FormulaireCle(envoi(requete), initial=initial)
    return traiter(requete, form, partial(_ajouter, requete), "", partial(_page, requete, form))


def _page(requete: Requete, form: FormulaireCle, statut: int) -> HttpResponse:
    demande = services.demander_une_nouvelle(requete.user)
    requete.session[_DEFI] = demande.defi
    page = PageFormulaire(
        "Ajouter une clé d'accès",
        "Créer la clé",
        reverse("fournisseur:compte"),
        gabarit="fournisseur/compte/ajouter_cle.html",
        contexte={
            "options": demande.options,
            "exige": exige(requete.user) and not a_un_second_facteur(requete.user),
        },
    )
    return page.montrer(requete, form, statut)


def _ajouter(requete: Requete, saisie: Saisie) -> HttpResponse:
    defi = requete.session.pop(_DEFI, "")
    codes = services.ajouter(personne=requete.user, nom=saisie["nom"], reponse=saisie["cle"], defi=defi)
    return facteur_ajoute(requete, codes)


@require_POST
def renommer(requete: Requete, cle: int) -> HttpResponse:
    ligne = get_object_or_404(cles_acces(requete.user), pk=cle)
    form = FormulaireNom(requete.POST)

    def agir() -> str:
        if not form.is_valid():
            raise GesteImpossible(" ".join(str(erreur) for erreur in form.errors["nom"]))
        services.renommer(personne=requete.user, cle=ligne.pk, nom=form.cleaned_data["nom"])
        return "La clé d'accès est renommée."

    return faire(requete, agir, "fournisseur:compte")


@require_POST
@confirmation_recente
def retirer(requete: Requete, cle: int) -> HttpResponse:
    ligne = get_object_or_404(cles_acces(requete.user), pk=cle)
    retrait = partial(services.retirer, personne=requete.user, cle=ligne.pk)
    return faire(requete, retrait, "fournisseur:compte", fait="La clé d'accès est retirée.")
