"""The second factor: asked when signing in; the authentication application and the recovery codes in « Mon compte »."""

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import cles_acces, coffre, connexions
from segurnum.comptes import second_facteur as services
from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import a_un_second_facteur, a_une_application
from segurnum.comptes.queries import cles_acces as cles_de
from segurnum.comptes.sessions import fermer
from segurnum.seuil.acces import Requete
from segurnum.seuil.appareil import appareil_connu
from segurnum.seuil.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.seuil.presence import SECOND_FACTEUR_VERIFIE
from segurnum.web.fournisseur.confirmation import CODE_FAUX, confirmation_recente
from segurnum.web.fournisseur.entree import CLE_ACCES, MOT_DE_PASSE, attendu, ouvrir
from segurnum.web.kits.geste import PageFormulaire, Saisie, envoi, faire, tenter

_CLE = "cle_a_confirmer"
_DEFI = "defi_du_second_facteur"
PAR_CODE = "Code"


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
    """Between the first proof and the portal."""
    attente = attendu(requete)
    if attente is None:
        if requete.method == "POST":
            messages.error(requete, "Le délai pour saisir le code est passé : recommencez la connexion.")
        return redirect("fournisseur:connexion")
    personne, reponse = attente.personne, requete.POST.get("cle", "")
    form = FormulaireCode(requete.POST if requete.method == "POST" and not reponse else None)
    if reponse and _cle_acceptee(requete, personne, reponse):
        return ouvrir(requete, attente, second=CLE_ACCES)
    if _code_accepte(requete, form, personne, appareil_connu(requete, personne.username)):
        return ouvrir(requete, attente, second=PAR_CODE)
    contexte = {
        "form": form,
        "options": _demander_une_cle(requete, personne),
        "application": a_une_application(personne),
        "par_mot_de_passe": attente.moyen == MOT_DE_PASSE,
        "moyen": attente.moyen,
    }
    statut = 422 if requete.method == "POST" else 200
    return render(requete, "fournisseur/compte/code.html", contexte, status=statut)


def _demander_une_cle(requete: HttpRequest, personne: Utilisateur) -> str:
    """What the browser is asked, for who has passkeys."""
    if not cles_de(personne).exists():
        return ""
    demande = cles_acces.demander(personne)
    requete.session[_DEFI] = demande.defi
    return demande.options


def _cle_acceptee(requete: HttpRequest, personne: Utilisateur, reponse: str) -> bool:
    defi = requete.session.pop(_DEFI, "")
    if defi and cles_acces.verifier(reponse=reponse, defi=defi, personne=personne):
        return True
    messages.error(requete, "Cette clé d'accès n'a pas été reconnue : recommencez, ou saisissez un code.")
    _noter(requete, personne, "ECHEC_SECOND_FACTEUR")
    return False


def _code_accepte(
    requete: HttpRequest, form: FormulaireCode, personne: Utilisateur, appareil: str = ""
) -> bool:
    """Whether the form carries a good code; says beside the field why not."""
    if not form.is_bound or not form.is_valid():
        return False
    code = form.cleaned_data["code"]
    bon, refus = tenter(partial(services.verifier, personne=personne, code=code, appareil=appareil))
    if bon:
        return True
    form.add_error("code", str(refus or CODE_FAUX))
    _noter(requete, personne, "SUSPENDRE_SECOND_FACTEUR" if refus else "ECHEC_SECOND_FACTEUR")
    return False


def _noter(requete: HttpRequest, personne: Utilisateur, geste: str) -> None:
    reseau = connexions.origine(requete).reseau
    connexions.echouer(identifiant=personne.username, reseau=reseau, geste=geste)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_recente
def activer_second_facteur(requete: Requete) -> HttpResponse:
    """The key waits in the session, sealed, until the application has shown that it knows it."""
    if a_une_application(requete.user):
        return redirect("fournisseur:compte")
    cle = coffre.ouvrir(requete.session.setdefault(_CLE, coffre.sceller(services.nouvelle_cle())))
    form = FormulairePremierCode(envoi(requete))

    def activer(saisie: Saisie) -> HttpResponse:
        codes = services.activer(personne=requete.user, cle=cle, code=saisie["code"])
        del requete.session[_CLE]
        return facteur_ajoute(requete, codes)

    page = PageFormulaire(
        "Ajouter une application d'authentification",
        "Activer",
        reverse("fournisseur:compte"),
        gabarit="fournisseur/compte/activer_second_facteur.html",
        contexte={
            "cle": " ".join(cle[debut : debut + 4] for debut in range(0, len(cle), 4)),
            "image": services.image(requete.user, cle),
            "exige": services.exige(requete.user) and not a_un_second_facteur(requete.user),
        },
    )
    return page.traiter(requete, form, activer, champ="code")


def facteur_ajoute(requete: Requete, codes: list[str]) -> HttpResponse:
    """After a factor was added: this session has shown it, the others have not."""
    requete.session[SECOND_FACTEUR_VERIFIE] = True
    fermer(requete.user, sauf=requete.session.session_key)
    if codes:
        return _montrer_les_codes(requete, codes)
    messages.success(requete, "Votre second facteur est ajouté, et vos autres sessions sont fermées.")
    return redirect("fournisseur:compte")


def _montrer_les_codes(requete: Requete, codes: list[str]) -> HttpResponse:
    """Shown once, in the answer to the very gesture that made them: they are kept nowhere in clear."""
    return render(requete, "fournisseur/compte/codes_secours.html", {"codes": codes})


@never_cache
@require_POST
@confirmation_recente
def renouveler_codes(requete: Requete) -> HttpResponse:
    if not a_un_second_facteur(requete.user):
        return redirect("fournisseur:compte")
    return _montrer_les_codes(requete, services.renouveler_les_codes(personne=requete.user))


@require_POST
@confirmation_recente
def retirer_second_facteur(requete: Requete) -> HttpResponse:
    """Turn the application off."""
    if not a_une_application(requete.user):
        return redirect("fournisseur:compte")
    retrait = partial(services.retirer_l_application, personne=requete.user)
    return faire(
        requete, retrait, "fournisseur:compte", fait="Votre application d'authentification est retirée."
    )
