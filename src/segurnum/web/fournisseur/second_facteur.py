"""What proves who somebody is: the password, forgotten then chosen by a mailed link, and the second factor.

The factor is asked when signing in; the application, the passkeys and the recovery codes are in « Mon compte ». Signing
in with a passkey alone is in `compte` (PUB-037, PUB-038, XCT-010).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import cles_acces, coffre, mots_de_passe
from segurnum.comptes import second_facteur as services
from segurnum.comptes.queries import a_un_second_facteur, a_une_application
from segurnum.comptes.queries import cles_acces as cles_de
from segurnum.comptes.sessions import decrire_appareil, fermer
from segurnum.comptes.tasks import identifiant_oublie as tache_identifiant
from segurnum.comptes.tasks import mot_de_passe_oublie as tache_mot_de_passe
from segurnum.kits.champs import FORME_ADRESSE, ChampCourriel, champ, mot_de_passe
from segurnum.kits.geste import PageFormulaire, Saisie, envoi, faire, traiter
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import Requete, formulaire_public
from segurnum.seuil.appareil import appareil_connu, jeton_du_navigateur, retenir
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import sans_ecriture
from segurnum.seuil.ouverture import CLE_ACCES, MOT_DE_PASSE, attendu, defier, ouvrir
from segurnum.seuil.presence import SECOND_FACTEUR_VERIFIE
from segurnum.web.fournisseur.compte import champ_code, confirmation_recente, prouve

COMPTE = "fournisseur:compte"
_CLE = "cle_a_confirmer"
_DEFI = "defi_du_second_facteur"
PAR_CODE = "Code"


class FormulaireCode(forms.Form):
    code = champ_code(
        "Saisissez le code affiché par votre application d'authentification.", autocapitalize="characters"
    )


class FormulairePremierCode(forms.Form):
    code = champ_code(
        "Saisissez les six chiffres affichés par l'application.",
        "Code à six chiffres affiché par l'application",
        inputmode="numeric",
    )


@formulaire_public("code", 300)
@never_cache
@sans_ecriture
def second_facteur(requete: HttpRequest) -> HttpResponse:
    """Between the first proof and the portal."""
    attente = attendu(requete)
    if attente is None:
        if requete.method == "POST":
            messages.error(requete, "Le délai pour saisir le code est passé : recommencez la connexion.")
        return redirect("fournisseur:connexion")
    personne, reponse = attente.personne, requete.POST.get("cle", "")
    form = FormulaireCode(None if reponse else envoi(requete))
    if requete.method == "POST" and prouve(
        requete,
        personne,
        form,
        cle="cle",
        defi=_DEFI,
        echec="ECHEC_SECOND_FACTEUR",
        sinon="recommencez, ou saisissez un code.",
        suspension="SUSPENDRE_SECOND_FACTEUR",
        appareil=appareil_connu(requete, personne.username),
    ):
        return ouvrir(requete, attente, second=CLE_ACCES if reponse else PAR_CODE)
    contexte = {
        "form": form,
        "bouton": "Valider",
        "champ_cle": "cle",
        "retour": "fournisseur:connexion",
        "options": defier(requete, _DEFI, personne),
        "application": a_une_application(personne),
        "par_mot_de_passe": attente.moyen == MOT_DE_PASSE,
        "moyen": attente.moyen,
    }
    statut = 422 if requete.method == "POST" else 200
    return render(requete, "fournisseur/compte/code.html", contexte, status=statut)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_recente
def activer_second_facteur(requete: Requete) -> HttpResponse:
    """The key waits in the session, sealed, until the application has shown that it knows it."""
    if a_une_application(requete.user):
        return redirect(COMPTE)
    cle = coffre.ouvrir(requete.session.setdefault(_CLE, coffre.sceller(services.nouvelle_cle())))
    form = FormulairePremierCode(envoi(requete))

    def activer(saisie: Saisie) -> HttpResponse:
        codes = services.activer(personne=requete.user, cle=cle, code=saisie["code"])
        del requete.session[_CLE]
        return facteur_ajoute(requete, codes)

    page = _page(
        requete,
        "Ajouter une application d'authentification",
        "Activer",
        "activer_second_facteur",
        cle=" ".join(cle[debut : debut + 4] for debut in range(0, len(cle), 4)),
        image=services.image(requete.user, cle),
    )
    return page.traiter(requete, form, activer, champ="code")


def _page(requete: Requete, titre: str, bouton: str, gabarit: str, **contexte: Any) -> PageFormulaire:
    """The page that adds a factor: it says so to who must have one, and has none yet."""
    contexte["exige"] = services.exige(requete.user) and not a_un_second_facteur(requete.user)
    gabarit = f"fournisseur/compte/{gabarit}.html"
    return PageFormulaire(titre, bouton, COMPTE, gabarit=gabarit, contexte=contexte)


def facteur_ajoute(requete: Requete, codes: list[str]) -> HttpResponse:
    """After a factor was added: this session has shown it, the others have not."""
    requete.session[SECOND_FACTEUR_VERIFIE] = True
    fermer(requete.user, sauf=requete.session.session_key)
    if codes:
        return _montrer_les_codes(requete, codes)
    messages.success(requete, "Votre second facteur est ajouté, et vos autres sessions sont fermées.")
    return redirect(COMPTE)


def _montrer_les_codes(requete: Requete, codes: list[str]) -> HttpResponse:
    """Shown once, in the answer to the very gesture that made them: they are kept nowhere in clear."""
    return render(requete, "fournisseur/compte/codes_secours.html", {"codes": codes})


@never_cache
@require_POST
@confirmation_recente
def renouveler_codes(requete: Requete) -> HttpResponse:
    if not a_un_second_facteur(requete.user):
        return redirect(COMPTE)
    return _montrer_les_codes(requete, services.renouveler_les_codes(personne=requete.user))


@require_POST
@confirmation_recente
def retirer_second_facteur(requete: Requete) -> HttpResponse:
    """Turn the application off."""
    if not a_une_application(requete.user):
        return redirect(COMPTE)
    retrait = partial(services.retirer_l_application, personne=requete.user)
    return faire(requete, retrait, COMPTE, fait="Votre application d'authentification est retirée.")


_DEFI_NOUVELLE = "defi_de_la_nouvelle_cle"


class FormulaireNom(forms.Form):
    nom = champ(
        "Nom de la clé",
        "Donnez un nom à la clé.",
        max_length=60,
        help_text="Pour la reconnaître dans la liste : « Téléphone », « Clé USB du bureau »…",
    )


class FormulaireCle(FormulaireNom):
    cle = champ(
        "Clé d'accès", "Votre navigateur n'a pas donné de clé : recommencez.", widget=forms.HiddenInput
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_recente
def ajouter_cle(requete: Requete) -> HttpResponse:
    initial = {"nom": decrire_appareil(requete.headers.get("User-Agent", ""))}
    form = FormulaireCle(envoi(requete), initial=initial)
    return traiter(
        requete, form, partial(_ajouter_la_cle, requete), "", partial(_page_de_la_cle, requete, form)
    )


def _page_de_la_cle(requete: Requete, form: FormulaireCle, statut: int) -> HttpResponse:
    demande = cles_acces.demander_une_nouvelle(requete.user)
    requete.session[_DEFI_NOUVELLE] = demande.defi
    page = _page(requete, "Ajouter une clé d'accès", "Créer la clé", "ajouter_cle", options=demande.options)
    return page.montrer(requete, form, statut)


def _ajouter_la_cle(requete: Requete, saisie: Saisie) -> HttpResponse:
    defi = requete.session.pop(_DEFI_NOUVELLE, "")
    codes = cles_acces.ajouter(personne=requete.user, nom=saisie["nom"], reponse=saisie["cle"], defi=defi)
    return facteur_ajoute(requete, codes)


@require_POST
def renommer_cle(requete: Requete, cle: int) -> HttpResponse:
    ligne = get_object_or_404(cles_de(requete.user), pk=cle)
    form = FormulaireNom(requete.POST)

    def agir() -> str:
        if not form.is_valid():
            raise GesteImpossible(" ".join(str(erreur) for erreur in form.errors["nom"]))
        cles_acces.renommer(personne=requete.user, cle=ligne.pk, nom=form.cleaned_data["nom"])
        return "La clé d'accès est renommée."

    return faire(requete, agir, COMPTE)


@require_POST
@confirmation_recente
def retirer_cle(requete: Requete, cle: int) -> HttpResponse:
    ligne = get_object_or_404(cles_de(requete.user), pk=cle)
    retrait = partial(cles_acces.retirer, personne=requete.user, cle=ligne.pk)
    return faire(requete, retrait, COMPTE, fait="La clé d'accès est retirée.")


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
    adresse = champ(
        "Votre adresse électronique",
        "Saisissez votre adresse électronique.",
        ChampCourriel,
        help_text=f"Celle de votre compte. Format attendu : {FORME_ADRESSE}",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class FormulaireMotDePasseOublie(forms.Form):
    saisi = champ(
        "Votre identifiant ou votre adresse électronique",
        "Saisissez votre identifiant ou votre adresse électronique.",
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )


class NouveauMotDePasse(SetPasswordForm):  # type: ignore[type-arg]
    """The rules are said before they are broken, and a refused password is told where they are."""

    error_messages = {
        "password_mismatch": "Les deux mots de passe ne sont pas les mêmes : saisissez deux fois le même.",
        "password_incorrect": "Ce n'est pas votre mot de passe actuel. Saisissez-le de nouveau.",
    }

    def __init__(self, *arguments: Any, **valeurs: Any) -> None:
        super().__init__(*arguments, **valeurs)
        premier, second = self.fields["new_password1"], self.fields["new_password2"]
        premier.label, second.label = "Nouveau mot de passe", "Nouveau mot de passe, une seconde fois"
        premier.help_text = " ".join(password_validation.password_validators_help_texts())
        premier.error_messages["required"] = "Saisissez le nouveau mot de passe."
        second.error_messages["required"] = "Saisissez une seconde fois le nouveau mot de passe."
        second.help_text = ""

    def validate_password_for_user(self, user: Any, *_champ: str) -> None:
        super().validate_password_for_user(user, "new_password1")


class ChangementDeMotDePasse(NouveauMotDePasse, PasswordChangeForm):
    old_password = mot_de_passe("Votre mot de passe actuel", "Saisissez votre mot de passe actuel.")


def _oubli(
    titre: str, bouton: str, resume: str, formulaire: type[forms.Form], tache: Any
) -> Callable[..., HttpResponse]:
    """The same answer whether the account exists or not: a job finds out, and writes to it or not."""
    page = PageFormulaire(titre, bouton, "fournisseur:connexion", resume, chemin=False)

    @formulaire_public("oubli", DEMANDES_PAR_HEURE, quoi="demandes")
    def vue(requete: HttpRequest) -> HttpResponse:
        form = formulaire(envoi(requete))
        return page.traiter(requete, form, lambda saisie: tache.defer(**saisie), fait=REPONSE)

    return vue


identifiant_oublie = _oubli(
    "J'ai oublié mon identifiant",
    "Recevoir mon identifiant",
    "Votre identifiant est envoyé à l'adresse électronique de votre compte.",
    FormulaireIdentifiantOublie,
    tache_identifiant,
)
mot_de_passe_oublie = _oubli(
    "J'ai oublié mon mot de passe",
    "Recevoir un lien",
    "Un lien est envoyé à l'adresse électronique de votre compte. Il ne sert qu'une fois, pendant une heure, et permet "
    "de choisir un autre mot de passe.",
    FormulaireMotDePasseOublie,
    tache_mot_de_passe,
)


@formulaire_public("choix-mot-de-passe", 60)
@sensitive_post_parameters()
@never_cache
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
