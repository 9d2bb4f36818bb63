"""The accountant's lists, and what the bank did to each payment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.queries import SEUIL, visibles_des_agents
from segurnum.paiements import services
from segurnum.paiements.etapes import A_METTRE, ETAPES, Etape, versements_a
from segurnum.paiements.models import Versement
from segurnum.paiements.queries import versements_de
from segurnum.regles.cycles import TransitionRefusee
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.listes import lister
from segurnum.web.gestion.formulaires import Aucune, Constat, RejetBancaire

Saisie = dict[str, Any]


@dataclass(frozen=True)
class Geste:
    code: str
    formulaire: type[forms.Form]
    agir: Callable[[int, Auteur, Saisie], Versement]
    fait: str


GESTES = {
    geste.code: geste
    for geste in (
        Geste(
            "mettre-en-paiement",
            Aucune,
            lambda cle, qui, saisie: services.mettre_en_paiement(versement=cle, auteur=qui),
            "est mis en paiement",
        ),
        Geste(
            "constater",
            Constat,
            lambda cle, qui, saisie: services.constater(versement=cle, auteur=qui, **saisie),
            "est constaté, et son avis de paiement est émis",
        ),
        Geste(
            "rejeter",
            RejetBancaire,
            lambda cle, qui, saisie: services.rejeter(versement=cle, auteur=qui, **saisie),
            "est rejeté",
        ),
        Geste(
            "reemettre",
            Aucune,
            lambda cle, qui, saisie: services.reemettre(versement=cle, auteur=qui),
            "est réémis : il attend sa mise en paiement",
        ),
    )
}


@dataclass(frozen=True)
class Refus:
    """A gesture that was not made on this payment, with the form as it was typed."""

    versement: int
    geste: str
    formulaire: forms.Form
    raison: str = ""


@dataclass(frozen=True)
class Ligne:
    versement: Versement
    constat: forms.Form
    rejet: forms.Form
    ouverte: str


@agents
def liste(requete: Requete) -> HttpResponse:
    return _page(requete)


@require_POST
@reserve_a(Profil.COMPTABLE)
def faire(requete: Requete, versement: int, geste: str) -> HttpResponse:
    """Record one step of a payment, then back to the same list."""
    demandee = GESTES.get(geste)
    if demandee is None:
        raise Http404("Ce geste n'existe pas.")
    ligne = get_object_or_404(versements_de(visibles_des_agents()), pk=versement)
    formulaire = demandee.formulaire(requete.POST, auto_id=_identifiants(versement, geste))
    if not formulaire.is_valid():
        return _page(requete, Refus(versement, geste, formulaire), 422)
    try:
        demandee.agir(versement, auteur(requete.user), formulaire.cleaned_data)
    except GesteImpossible as refus:
        if refus.champ is None:
            return _page(requete, Refus(versement, geste, formulaire, str(refus)), 409)
        formulaire.add_error(refus.champ, str(refus))
        return _page(requete, Refus(versement, geste, formulaire), 422)
    except TransitionRefusee as refus:
        return _page(requete, Refus(versement, geste, formulaire, str(refus)), 409)
    messages.success(requete, f"Le paiement de la demande {ligne.decision.demande.numero} {demandee.fait}.")
    return HttpResponseRedirect(f"{reverse('gestion:paiements')}?{requete.GET.urlencode()}")


def _etape(requete: Requete) -> Etape:
    return ETAPES.get(requete.GET.get("etape", ""), A_METTRE)


def _page(requete: Requete, refus: Refus | None = None, statut: int = 200) -> HttpResponse:
    etape = _etape(requete)
    liste = lister(versements_a(etape), (), requete.GET, ordre=etape.ordre, seuil=SEUIL, filtree=True)
    contexte = {
        "etape": etape,
        "etapes": ETAPES.values(),
        "liste": liste,
        "lignes": [_ligne(versement, refus) for versement in liste.lignes],
        "refus": refus,
        "agit": requete.user.profil == Profil.COMPTABLE,
    }
    return render(requete, "gestion/paiements.html", contexte, status=statut)


def _ligne(versement: Versement, refus: Refus | None) -> Ligne:
    constat: forms.Form = Constat.prerempli(
        versement.montant_decide, _identifiants(versement.pk, "constater")
    )
    rejet: forms.Form = RejetBancaire(auto_id=_identifiants(versement.pk, "rejeter"))
    if refus is None or refus.versement != versement.pk:
        return Ligne(versement, constat, rejet, "")
    return Ligne(
        versement,
        refus.formulaire if refus.geste == "constater" else constat,
        refus.formulaire if refus.geste == "rejeter" else rejet,
        refus.geste,
    )


def _identifiants(versement: int, geste: str) -> str:
    """Each line of the list holds its own forms."""
    return f"versement-{versement}-{geste}-%s"
