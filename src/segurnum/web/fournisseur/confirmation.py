"""The password, or the factor, asked again before what a thief of a session would do first.

The question comes at the address of the gesture itself: answered, the page goes on with all that was sent to it.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial, wraps
from typing import Any, ParamSpec

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from segurnum.comptes import cles_acces, connexions
from segurnum.comptes import second_facteur as facteurs
from segurnum.comptes.queries import a_un_second_facteur
from segurnum.comptes.queries import cles_acces as cles_de
from segurnum.comptes.sessions import confirmee, marquer_la_confirmation
from segurnum.limites.phrases import a_partir_de
from segurnum.limites.services import compter
from segurnum.seuil.acces import Requete, Vue, VueGardee
from segurnum.web.kits.geste import tenter

P = ParamSpec("P")
ESSAIS_PAR_QUART_D_HEURE = 5
_DEFI = "defi_de_confirmation"
_GESTE = "confirmation"  # GET: the page was being opened; POST: something was being sent
_CHAMPS = (
    _GESTE,
    "confirmation_mot_de_passe",
    "confirmation_code",
    "confirmation_cle",
    "csrfmiddlewaretoken",
)
CODE_FAUX = (
    "Ce code n'est pas le bon, ou il a déjà servi. Saisissez les six chiffres que l'application affiche "
    "maintenant, ou un code de secours qui n'a pas servi."
)


class FormulaireConfirmation(forms.Form):
    """One field: the code of who has a second factor, the password of who has none."""

    confirmation_mot_de_passe = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Saisissez votre mot de passe."},
    )
    confirmation_code = forms.CharField(
        label="Code à six chiffres, ou code de secours",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={
            "required": "Saisissez le code affiché par votre application, ou un code de secours."
        },
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
    par_cle = requete.POST.get("confirmation_cle")
    form = _formulaire(requete, None if par_cle else requete.POST)
    if not (_par_cle(requete, par_cle) if par_cle else _par_formulaire(requete, form)):
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
    demande = cles_acces.demander(requete.user) if cles_de(requete.user).exists() else None
    if demande is not None:
        requete.session[_DEFI] = demande.defi
    contexte = {
        "form": form or _formulaire(requete),
        "geste": requete.POST.get(_GESTE, requete.method),
        "gardes": [*_gardes(requete), *(en_plus or {}).items()],
        "par_code": a_un_second_facteur(requete.user),
        "options": demande.options if demande else "",
        "oidc": settings.OIDC_LIBELLE if settings.OIDC_EMETTEUR else "",
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
    for champ in _CHAMPS:
        restent.pop(champ, None)
    return restent


def _par_cle(requete: Requete, reponse: str) -> bool:
    defi = requete.session.pop(_DEFI, "")
    if defi and cles_acces.verifier(reponse=reponse, defi=defi, personne=requete.user):
        return True
    _noter_l_echec(requete)
    messages.error(requete, "Cette clé d'accès n'a pas été reconnue : recommencez.")
    return False


def _par_formulaire(requete: Requete, form: FormulaireConfirmation) -> bool:
    """Whether the field proves the person; says beside it why not."""
    if not form.is_valid():
        return False
    par_code = "confirmation_code" in form.cleaned_data
    if _par_code(requete, form) if par_code else _par_mot_de_passe(requete, form):
        return True
    _noter_l_echec(requete)
    return False


def _noter_l_echec(requete: Requete) -> None:
    reseau = connexions.origine(requete).reseau
    connexions.echouer(identifiant=requete.user.username, reseau=reseau, geste="ECHEC_CONFIRMATION")


def _par_code(requete: Requete, form: FormulaireConfirmation) -> bool:
    code = form.cleaned_data["confirmation_code"]
    bon, refus = tenter(partial(facteurs.verifier, personne=requete.user, code=code))
    if not bon:
        form.add_error("confirmation_code", str(refus or CODE_FAUX))
    return bool(bon)


def _par_mot_de_passe(requete: Requete, form: FormulaireConfirmation) -> bool:
    trop = essai_refuse(requete)
    if trop:
        form.add_error("confirmation_mot_de_passe", trop)
    elif not requete.user.check_password(form.cleaned_data["confirmation_mot_de_passe"]):
        form.add_error(
            "confirmation_mot_de_passe", "Ce n'est pas votre mot de passe. Saisissez-le de nouveau."
        )
    else:
        return True
    return False


def essai_refuse(requete: Requete) -> str:
    """Count a try at one's own password: who finds a session left open does not get to guess it.

    Empty when it may be looked at, else when to try again.
    """
    cle = f"mot-de-passe:{requete.user.objet}"
    libre_le = compter(cle, maximum=ESSAIS_PAR_QUART_D_HEURE, duree=timedelta(minutes=15))
    return f"Trop d'essais : recommencez {a_partir_de(libre_le)}." if libre_le else ""
