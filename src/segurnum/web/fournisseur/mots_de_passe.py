"""Forgotten identifier, forgotten password, and the page that a mailed link opens (PUB-037, PUB-038, XCT-010)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from segurnum.comptes import mots_de_passe
from segurnum.comptes.tasks import identifiant_oublie as tache_identifiant
from segurnum.comptes.tasks import mot_de_passe_oublie as tache_mot_de_passe
from segurnum.seuil.appareil import jeton_du_navigateur, retenir
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import ADRESSE, HEURE, limite
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi

# From one network address: a company's people share one.
DEMANDES_PAR_HEURE = 20
REPONSE = (
    "Si un compte correspond à ce que vous avez saisi, un courriel vient de lui être envoyé. S'il n'arrive pas d'ici "
    "quelques minutes, regardez dans les indésirables, vérifiez votre saisie ou contactez l'assistance."
)
LIEN_MORT = (
    "Ce lien n'est plus valable : il a déjà servi, il a été remplacé par un plus récent ou son délai est passé. "
    "Demandez-en un autre ci-dessous."
)


class FormulaireIdentifiantOublie(forms.Form):
    adresse = ChampCourriel(
        label="Votre adresse électronique",
        help_text=f"Celle de votre compte. Format attendu : {FORME_ADRESSE}",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Saisissez votre adresse électronique."},
    )


class FormulaireMotDePasseOublie(forms.Form):
    saisi = forms.CharField(
        label="Votre identifiant ou votre adresse électronique",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": "Saisissez votre identifiant ou votre adresse électronique."},
    )


class JugeAuPremierChamp:
    """A refused password is told where its rules are, not under the field that only repeats it."""

    def validate_password_for_user(self, user: Any, *_champ: str) -> None:
        super().validate_password_for_user(user, "new_password1")  # type: ignore[misc]


class NouveauMotDePasse(JugeAuPremierChamp, SetPasswordForm):  # type: ignore[type-arg]
    """The rules are said before they are broken."""

    error_messages = {
        "password_mismatch": "Les deux mots de passe ne sont pas les mêmes : saisissez deux fois le même."
    }

    def __init__(self, *arguments: Any, **valeurs: Any) -> None:
        super().__init__(*arguments, **valeurs)
        dire_les_regles(self)


class ChangementDeMotDePasse(JugeAuPremierChamp, PasswordChangeForm):
    error_messages = NouveauMotDePasse.error_messages | {
        "password_incorrect": "Ce n'est pas votre mot de passe actuel. Saisissez-le de nouveau."
    }

    def __init__(self, *arguments: Any, **valeurs: Any) -> None:
        super().__init__(*arguments, **valeurs)
        del self.fields["old_password"].widget.attrs["autofocus"]  # the page is read from its beginning
        self.fields["old_password"].label = "Votre mot de passe actuel"
        self.fields["old_password"].error_messages["required"] = "Saisissez votre mot de passe actuel."
        dire_les_regles(self)


def dire_les_regles(formulaire: forms.Form) -> None:
    premier, second = formulaire.fields["new_password1"], formulaire.fields["new_password2"]
    premier.label, second.label = "Nouveau mot de passe", "Nouveau mot de passe, une seconde fois"
    premier.help_text = " ".join(password_validation.password_validators_help_texts())
    premier.error_messages["required"] = "Saisissez le nouveau mot de passe."
    second.error_messages["required"] = "Saisissez une seconde fois le nouveau mot de passe."
    second.help_text = ""


@login_not_required
@limite("oubli", ADRESSE, DEMANDES_PAR_HEURE, HEURE, quoi="demandes")
@require_http_methods(["GET", "HEAD", "POST"])
def identifiant_oublie(requete: HttpRequest) -> HttpResponse:
    resume = "Votre identifiant est envoyé à l'adresse électronique de votre compte."
    form, tache = FormulaireIdentifiantOublie(envoi(requete)), tache_identifiant
    return _oubli(requete, "J'ai oublié mon identifiant", "Recevoir mon identifiant", resume, form, tache)


@login_not_required
@limite("oubli", ADRESSE, DEMANDES_PAR_HEURE, HEURE, quoi="demandes")
@require_http_methods(["GET", "HEAD", "POST"])
def mot_de_passe_oublie(requete: HttpRequest) -> HttpResponse:
    resume = (
        "Un lien est envoyé à l'adresse électronique de votre compte. Il ne sert qu'une fois, pendant une heure, et "
        "permet de choisir un autre mot de passe."
    )
    form, tache = FormulaireMotDePasseOublie(envoi(requete)), tache_mot_de_passe
    return _oubli(requete, "J'ai oublié mon mot de passe", "Recevoir un lien", resume, form, tache)


def _oubli(
    requete: HttpRequest, titre: str, bouton: str, resume: str, form: forms.Form, tache: Any
) -> HttpResponse:
    """The same answer whether the account exists or not: a job finds out, and writes to it or not."""
    page = PageFormulaire(titre, bouton, reverse("fournisseur:connexion"), resume, chemin=False)
    return page.traiter(requete, form, lambda saisie: tache.defer(**saisie), fait=REPONSE)


@login_not_required
@limite("choix-mot-de-passe", ADRESSE, 60, HEURE)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau_mot_de_passe(requete: HttpRequest) -> HttpResponse:
    """Opened by the links of M06 and M15."""
    jeton = requete.POST.get("jeton") or requete.GET.get("jeton", "")
    personne = mots_de_passe.personne_du_lien(jeton, recu_le=recu_le(requete))
    if personne is None:
        return _lien_mort(requete)

    def choisir(saisie: Saisie) -> HttpResponse:
        choisi = saisie["new_password1"]
        if not mots_de_passe.choisir(jeton=jeton, mot_de_passe=choisi, recu_le=recu_le(requete)):
            return _lien_mort(requete)
        messages.success(requete, "Votre mot de passe est enregistré : connectez-vous.")
        reponse = redirect("fournisseur:connexion")
        # Who holds the mail is the owner: no attack on the account makes them wait.
        retenir(requete, reponse, jeton_du_navigateur(requete), personne.username)
        return reponse

    page = PageFormulaire(
        "Choisir mon mot de passe",
        "Enregistrer",
        resume=f"Votre identifiant est « {personne.username} ». Vos sessions ouvertes seront fermées.",
        gardes=(("jeton", jeton),),
        chemin=False,
    )
    return page.traiter(requete, NouveauMotDePasse(personne, envoi(requete)), choisir)


def _lien_mort(requete: HttpRequest) -> HttpResponse:
    messages.error(requete, LIEN_MORT)
    return redirect("fournisseur:mot_de_passe_oublie")
