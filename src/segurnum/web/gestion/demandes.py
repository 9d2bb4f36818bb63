"""The queue, a request beside its pieces, and the journal of its dossier. Reading only."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avec_tout, visibles_des_agents
from segurnum.journal.queries import evenements_de
from segurnum.web.commun.acces import Requete, agents
from segurnum.web.commun.entrees import entier
from segurnum.web.gestion import file
from segurnum.web.gestion.chronologie import chronologie
from segurnum.web.gestion.consultation import contexte


@agents
def file_d_attente(requete: Requete) -> HttpResponse:
    filtre = file.Filtre.lire(requete.GET, requete.user.profil)
    demandes = filtre.demandes().select_related("entreprise", "valideur")
    contexte_liste = {
        "titre": "Demandes à instruire",
        "criteres": filtre.criteres,
        "legende_criteres": "Filtrer les demandes",
        "affiche": file.TABLEAU.lire(demandes, requete.GET, suite=filtre.adresse),
    }
    return render(requete, "gestion/liste.html", contexte_liste)


@agents
def consultation(requete: Requete, numero: str) -> HttpResponse:
    return render(
        requete, "gestion/demande.html", contexte(requete, trouver(numero, requete.GET.get("avenant")))
    )


@agents
def journal(requete: Requete, numero: str) -> HttpResponse:
    demande = trouver(numero)
    return render(
        requete,
        "gestion/journal.html",
        {
            "demande": demande,
            "moments": chronologie(evenements_de(demande.dossier.chaine), demande.dossier.numero),
            "filtre": file.Filtre.lire(requete.GET, requete.user.profil),
        },
    )


def trouver(numero: str, avenant: str | None = None) -> Demande:
    """The request of this number, 404 when there is none that officers may see.

    A cancelled request shares its number with the avenant that it replaces: the last one is meant, unless said.
    """
    demandes = avec_tout(visibles_des_agents()).filter(numero=numero)
    if (cle := entier(avenant)) is not None:
        demandes = demandes.filter(pk=cle)
    demande = demandes.order_by("-pk").first()
    if demande is None:
        raise Http404("Aucune demande instruite ne porte ce numéro.")
    return demande
