"""The link of the mail to the legal representative: confirm or contest a new bank account, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from segurnum.coordonnees import banque, queries
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import ADRESSE, HEURE, limite

CONTESTER = "contester"


@login_not_required
@never_cache
@limite("confirmation-bancaire", ADRESSE, 60, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(requete: HttpRequest) -> HttpResponse:
    """Looking changes nothing: mail readers open links by themselves. A button answers, once."""
    if requete.method == "POST":
        return _repondre(requete)
    jeton = requete.GET.get("jeton", "")
    changement = queries.changement_par_jeton(jeton, recu_le=recu_le(requete))
    if changement is None:
        return _page(requete, {"refus": banque.LIEN_PERDU}, statut=410 if jeton else 200)
    return _page(requete, {"changement": changement, "jeton": jeton})


def _repondre(requete: HttpRequest) -> HttpResponse:
    jeton = requete.POST.get("jeton", "")
    conteste = requete.POST.get("reponse") == CONTESTER
    repondre = banque.contester if conteste else banque.confirmer
    try:
        changement = repondre(jeton=jeton, recu_le=recu_le(requete))
    except GesteImpossible as refus:
        return _page(requete, {"refus": str(refus)}, statut=410)
    return _page(requete, {"reponse": changement, "conteste": conteste})


def _page(requete: HttpRequest, contexte: dict[str, object], *, statut: int = 200) -> HttpResponse:
    return render(requete, "public/confirmation_bancaire.html", contexte, status=statut)
