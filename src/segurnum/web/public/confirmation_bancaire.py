"""The link of the mail to the legal representative: confirm or contest a new bank account, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from segurnum.coordonnees import banque, queries
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import formulaire_public
from segurnum.seuil.arrivee import recu_le

CONTESTER = "contester"


@formulaire_public("confirmation-bancaire", 60)
@never_cache
def confirmer(requete: HttpRequest) -> HttpResponse:
    """Looking changes nothing: mail readers open links by themselves. A button answers, once."""
    contexte, statut = (_repondre if requete.method == "POST" else _lire)(requete)
    return render(requete, "public/confirmation_bancaire.html", contexte, status=statut)


def _lire(requete: HttpRequest) -> tuple[dict[str, object], int]:
    jeton = requete.GET.get("jeton", "")
    changement = queries.changement_par_jeton(jeton, recu_le=recu_le(requete))
    if changement is None:
        return {"refus": banque.LIEN_PERDU}, 410 if jeton else 200
    return {"changement": changement, "jeton": jeton}, 200


def _repondre(requete: HttpRequest) -> tuple[dict[str, object], int]:
    conteste = requete.POST.get("reponse") == CONTESTER
    repondre = banque.contester if conteste else banque.confirmer
    try:
        changement = repondre(jeton=requete.POST.get("jeton", ""), recu_le=recu_le(requete))
    except GesteImpossible as refus:
        return {"refus": str(refus)}, 410
    return {"reponse": changement, "conteste": conteste}, 200
