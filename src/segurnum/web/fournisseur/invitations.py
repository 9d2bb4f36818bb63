"""Answering an invitation to act for a company: by its mailed link, or signed in, from « Mon compte »."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes import invitations as services
from segurnum.comptes.queries import invitation_par_jeton, invitations_recues
from segurnum.seuil.acces import Requete, fournisseurs
from segurnum.seuil.limites import ADRESSE, HEURE, limite
from segurnum.web.kits.geste import faire

ACCEPTER, DECLINER = "accepter", "decliner"
LIEN_MORT = (
    "Cette invitation n'attend plus de réponse : vous y avez répondu, elle a été retirée, ou son délai est passé. "
    "Demandez-en une autre à l'entreprise qui vous invitait."
)
DECLINEE = "Vous avez décliné l'invitation."
Reponse = tuple[Callable[..., Any], str]
PAR_LE_LIEN: Mapping[str, Reponse] = {
    ACCEPTER: (
        services.accepter_par_lien,
        "L'invitation est acceptée. Votre identifiant vous est envoyé par courriel, et par un autre le lien pour "
        "choisir votre mot de passe, si vous n'en avez pas.",
    ),
    DECLINER: (services.decliner_par_lien, DECLINEE),
}


@login_not_required
@limite("invitation", ADRESSE, 60, HEURE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(requete: HttpRequest) -> HttpResponse:
    """Opened by the link of M50. Whose address has an account signs in to accept; anybody may say no."""
    jeton = requete.POST.get("jeton") or requete.GET.get("jeton", "")
    recue = invitation_par_jeton(jeton)
    if recue is None:
        messages.error(requete, LIEN_MORT)
        return redirect("fournisseur:connexion")
    geste = requete.POST.get("geste", "")
    if requete.method == "POST" and geste in PAR_LE_LIEN:
        return _repondre_par_le_lien(requete, jeton, geste)
    contexte = {"invitation": recue, "jeton": jeton, "se_connecter": services.doit_se_connecter(recue)}
    return render(requete, "fournisseur/compte/invitation.html", contexte)


def _repondre_par_le_lien(requete: HttpRequest, jeton: str, geste: str) -> HttpResponse:
    service, phrase = PAR_LE_LIEN[geste]
    return faire(requete, partial(service, jeton=jeton), "fournisseur:connexion", fait=phrase)


@fournisseurs
@require_POST
def repondre_invitation(requete: Requete, invitation: int) -> HttpResponse:
    """From « Mon compte ». One made to somebody else does not exist."""
    recue = invitations_recues(requete.user).filter(pk=invitation).first()
    if recue is None:
        raise Http404
    gestes: dict[str, Reponse] = {
        ACCEPTER: (
            services.accepter,
            f"L'invitation est acceptée : choisissez {recue.entreprise.denomination} pour agir en son nom.",
        ),
        DECLINER: (services.decliner, DECLINEE),
    }
    geste = gestes.get(requete.POST.get("geste", ""))
    if geste is None:
        messages.error(requete, "Acceptez ou déclinez l'invitation.")
        return redirect("fournisseur:compte")
    service, phrase = geste
    agir = partial(service, invitation=recue.pk, personne=requete.user)
    return faire(requete, agir, "fournisseur:compte", fait=phrase)
