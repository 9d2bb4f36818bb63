"""« Courriels non partis »: what waits, was refused, came back or was held back, and what to do about it."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.controles.problemes import en_nombre
from segurnum.courriels import gestes, queries
from segurnum.courriels.sortes import SORTES, Sorte
from segurnum.kits import colonnes
from segurnum.kits import geste as kit
from segurnum.kits.navigation import Onglet
from segurnum.kits.selection import cochees, dire_le_bilan
from segurnum.kits.tableau import Choix, Colonne, Tableau
from segurnum.seuil.acces import Requete, administration, bouton_de, page_de
from segurnum.seuil.entrees import entier

A_COCHER = Choix(
    "courriel",
    lambda ligne: ligne.pk,
    lambda ligne: f"« {ligne.objet} » à {ligne.destinataire}",
    "un courriel",
)
COLONNES = (
    Colonne(
        "depuis",
        "Depuis le",
        None,
        ("attendu_depuis", "retenu_le"),
        cellule="depuis|instant",
        insecable=True,
    ),
    colonnes.texte("objet", "Objet"),
    colonnes.texte("destinataire", "Destinataire"),
    Colonne("raison", "Ce qui s'est passé", cellule="gestion/cellules/constat.html"),
    Colonne("geste", "Geste", cellule="gestion/cellules/courriel.html"),
)


@page_de(administration)
def liste(requete: Requete) -> HttpResponse:
    sorte = _sorte(requete.GET.get("etat", ""))
    adresse = reverse("gestion:courriels")
    contexte = {
        "titre": "Courriels non partis",
        "resume": "Ce qui devrait être arrivé et ne l'est pas. Un courriel en attente part de lui-même dès que le "
        "serveur le prend ; un courriel refusé, revenu ou retenu attend votre geste, inscrit au journal.",
        "legende_onglets": "Courriels à montrer",
        "onglets": [
            Onglet(
                f"{autre.libelle} ({autre.lignes().count()})", f"{adresse}?etat={autre.cle}", autre is sorte
            )
            for autre in SORTES
        ],
        "sorte": sorte,
        "affiche": _tableau(sorte).lire(sorte.lignes(), requete.GET, gardes=("etat",)),
        "serveur": queries.etat_du_serveur(),
        "souffrance": queries.en_souffrance(),
    }
    return render(requete, "gestion/courriels.html", contexte)


@bouton_de(administration)
def faire(requete: Requete, geste: str) -> HttpResponse:
    """« Renvoyer » or « Classer »: the line whose button it is, or else what is ticked."""
    sorte = _sorte(requete.POST.get("etat", ""))
    if geste not in sorte.gestes:
        raise Http404
    service = gestes.renvoyer if geste == "renvoyer" else gestes.classer

    def agir() -> None:
        seul = entier(requete.POST.get("seul"))
        cles = cochees(_tableau(sorte), sorte.lignes(), requete) if seul is None else [seul]
        bilan = service(courriels=cles, auteur=auteur(requete.user))
        dire_le_bilan(requete, bilan, partial(_phrase, geste))

    return kit.faire(requete, agir, f"{reverse('gestion:courriels')}?etat={sorte.cle}")


def _tableau(sorte: Sorte) -> Tableau:
    return Tableau(
        "liste-courriels",
        f"{sorte.libelle}, le plus ancien d'abord",
        COLONNES,
        ordre=(sorte.tri, "pk"),
        vide=sorte.vide,
        choix=A_COCHER,
    )


def _sorte(cle: str) -> Sorte:
    return next((sorte for sorte in SORTES if sorte.cle == cle), SORTES[0])


def _phrase(geste: str, faits: int) -> str:
    suites = ("va partir", "vont partir") if geste == "renvoyer" else ("est classé", "sont classés")
    return f"{en_nombre(faits, 'courriel')} {suites[faits > 1]}."
