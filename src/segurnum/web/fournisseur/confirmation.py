"""The password, or the factor, asked again before what a thief of a session would do first.

The question comes at the address of the gesture itself: answered, the page goes on with all that was sent to it.
"""

from collections.abc import Mapping
from functools import wraps
from typing import Any, ParamSpec

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from segurnum.comptes import connexions, preuves
from segurnum.comptes.queries import a_un_second_facteur
from segurnum.comptes.sessions import confirmee, marquer_la_confirmation
from segurnum.seuil.acces import Requete, Vue, VueGardee
from segurnum.seuil.ouverture import defier
from segurnum.web.commun.champs import champ, mot_de_passe

P = ParamSpec("P")
_DEFI = "defi_de_confirmation"
_GESTE = "confirmation"  # GET: the page was being opened; POST: something was being sent
_SECRETS = ("confirmation_mot_de_passe", "confirmation_code", "confirmation_cle")
_CHAMPS = (_GESTE, *_SECRETS, "csrfmiddlewaretoken")


def champ_code(sinon: str, **attributs: str) -> Any:
    """A code of six digits, or of those kept for the day when there is no other."""
    saisi = forms.TextInput({"autocomplete": "one-time-code", **attributs})
    return champ("Code à six chiffres, ou code de secours", sinon, max_length=20, widget=saisi)


class FormulaireConfirmation(forms.Form):
    """One field: the code of who has a second factor, the password of who has none."""

    confirmation_mot_de_passe = mot_de_passe("Votre mot de passe", "Saisissez votre mot de passe.")
    confirmation_code = champ_code(
        "Saisissez le code affiché par votre application, ou un code de secours.", autocapitalize="characters"
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
    form = _formulaire(requete, None if requete.POST.get("confirmation_cle") else requete.POST)
    if not _prouve(requete, form):
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
    geste = requete.POST.get(_GESTE, requete.method or "")
    contexte = {
        "form": form or _formulaire(requete),
        "bouton": "Confirmer",
        "champ_cle": "confirmation_cle",
        "geste": geste,
        "gardes": [(_GESTE, geste), *_gardes(requete), *(en_plus or {}).items()],
        "par_code": a_un_second_facteur(requete.user),
        "options": defier(requete, _DEFI, requete.user),
        "oidc": settings.OIDC_LIBELLE if settings.OIDC_EMETTEUR else "",
        "retour": "fournisseur:compte",
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
    for nom in _CHAMPS:
        restent.pop(nom, None)
    return restent


def _prouve(requete: Requete, form: FormulaireConfirmation) -> bool:
    """Whether the key, or the field, proves the person; says why not."""
    qui: dict[str, Any] = {
        "personne": requete.user,
        "reseau": connexions.origine(requete).reseau,
        "echec": "ECHEC_CONFIRMATION",
    }
    if reponse := requete.POST.get("confirmation_cle"):
        faute = preuves.par_cle(reponse=reponse, defi=requete.session.pop(_DEFI, ""), **qui)
        if faute:
            messages.error(requete, f"{faute} : recommencez.")
        return not faute
    if not form.is_valid():
        return False
    ((champ, preuve),) = form.cleaned_data.items()
    if champ == "confirmation_code":
        faute = preuves.par_code(code=preuve, **qui)
    else:
        faute = preuves.par_mot_de_passe(mot_de_passe=preuve, **qui)
    if faute:
        form.add_error(champ, faute)
    return not faute
