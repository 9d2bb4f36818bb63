"""The officers' gestures. A gesture made leads back to the request; a refused one shows the page again, text kept."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.seuil.acces import Requete, reserve_a
from segurnum.web.gestion import catalogue, file
from segurnum.web.gestion.consultation import contexte
from segurnum.web.gestion.demandes import trouver
from segurnum.web.kits.geste import Refus, choisir, essayer

CALCULER = "calculer"


@require_POST
@reserve_a(Profil.GESTIONNAIRE, Profil.DECIDEUR)
def faire(requete: Requete, numero: str, geste: str) -> HttpResponse:
    """Make one gesture, within the queue that the address carries."""
    demande = trouver(numero)
    if geste == CALCULER:
        saisi = urlencode({"retenu": requete.POST.get("retenu", "")})
        return HttpResponseRedirect(f"{_adresse(requete, demande)}&{saisi}#montants")
    choisi = choisir(catalogue.GESTES, geste)
    return essayer(
        requete,
        choisi,
        lambda saisie, vue: catalogue.executer(choisi, demande, auteur(requete.user), saisie, vue=vue),
        lambda refus, statut: _refuser(requete, trouver(numero), refus, statut),
        _adresse(requete, demande),
        f"La demande {numero} {choisi.fait}.",
    )


def _adresse(requete: Requete, demande: Demande) -> str:
    """The request's own page, in the same queue."""
    filtre = file.Filtre.lire(requete.GET, requete.user.profil)
    return f"{reverse('gestion:demande', args=[demande.numero])}?{filtre.adresse}"


def _refuser(requete: Requete, demande: Demande, refus: Refus, statut: int) -> HttpResponse:
    return render(requete, "gestion/demande.html", contexte(requete, demande, refus), status=statut)
