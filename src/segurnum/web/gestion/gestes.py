"""The officers' gestures. A gesture made leads back to the request; a refused one shows the page again, text kept."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.regles.cycles import TransitionRefusee
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.gestion import catalogue, file
from segurnum.web.gestion.consultation import Refus, contexte, identifiants
from segurnum.web.gestion.demandes import trouver

CALCULER = "calculer"


@require_POST
@reserve_a(Profil.GESTIONNAIRE, Profil.DECIDEUR)
def faire(requete: Requete, numero: str, geste: str) -> HttpResponse:
    """Make one gesture, within the queue that the address carries."""
    demande = trouver(numero)
    if geste == CALCULER:
        saisi = urlencode({"retenu": requete.POST.get("retenu", "")})
        return HttpResponseRedirect(f"{_adresse(requete, demande)}&{saisi}#montants")
    demandee = catalogue.GESTES.get(geste)
    if demandee is None:
        raise Http404("Ce geste n'existe pas.")
    formulaire = demandee.formulaire(requete.POST, auto_id=identifiants(geste))
    texte, vue = requete.POST.get("motif", ""), requete.POST.get("vue", "")
    if not formulaire.is_valid():
        refus = Refus(geste=geste, formulaire=formulaire, texte=texte, vue=vue)
        return _refuser(requete, demande, refus, 422)
    try:
        catalogue.executer(demandee, demande, auteur(requete.user), formulaire.cleaned_data, vue=vue)
    except (GesteImpossible, TransitionRefusee) as raison:
        return _refuser(requete, trouver(numero), Refus(str(raison), geste, formulaire, texte), 409)
    messages.success(requete, f"La demande {numero} {demandee.fait}.")
    return HttpResponseRedirect(_adresse(requete, demande))


def _adresse(requete: Requete, demande: Demande) -> str:
    """The request's own page, in the same queue."""
    filtre = file.Filtre.lire(requete.GET, requete.user.profil)
    return f"{reverse('gestion:demande', args=[demande.numero])}?{filtre.adresse}"


def _refuser(requete: Requete, demande: Demande, refus: Refus, statut: int) -> HttpResponse:
    return render(requete, "gestion/demande.html", contexte(requete, demande, refus), status=statut)
