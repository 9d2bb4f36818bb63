"""« Courriels non partis »: what waits, was refused, came back or was held back, and what to do about it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.controles.problemes import en_nombre
from segurnum.courriels import gestes, queries
from segurnum.courriels.sortes import SORTES, Sorte
from segurnum.web.commun.acces import Requete, administration
from segurnum.web.commun.entrees import entier
from segurnum.web.kits.filtres import colonne_texte
from segurnum.web.kits.navigation import Onglet
from segurnum.web.kits.tableau import Colonne, Tableau

REFUS_MONTRES = 5


COLONNES = (
    Colonne(
        "depuis",
        "Depuis le",
        None,
        ("attendu_depuis", "retenu_le"),
        cellule="depuis|instant",
        insecable=True,
    ),
    colonne_texte("objet", "Objet"),
    colonne_texte("destinataire", "Destinataire"),
    Colonne("raison", "Ce qui s'est passé", cellule="gestion/cellules/constat.html"),
    Colonne("choisir", "Choisir", cellule="gestion/cellules/courriel.html"),
)


@administration
@require_safe
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


@administration
@require_POST
def faire(requete: Requete, geste: str) -> HttpResponse:
    """« Renvoyer » or « Classer »: the line whose button it is, or else what is ticked."""
    sorte = _sorte(requete.POST.get("etat", ""))
    if geste not in sorte.gestes:
        raise Http404
    choisis = requete.POST.getlist("seul") or requete.POST.getlist("courriel")
    cles = [cle for valeur in choisis if (cle := entier(valeur)) is not None]
    if not cles:
        messages.error(requete, "Cochez au moins un courriel.")
    else:
        service = gestes.renvoyer if geste == "renvoyer" else gestes.classer
        _dire(requete, geste, service(courriels=cles, auteur=auteur(requete.user)))
    return redirect(f"{reverse('gestion:courriels')}?etat={sorte.cle}")


def _tableau(sorte: Sorte) -> Tableau:
    legende = f"{sorte.libelle}, le plus ancien d'abord"
    return Tableau("liste-courriels", legende, COLONNES, ordre=(sorte.tri, "pk"), vide=sorte.vide)


def _sorte(cle: str) -> Sorte:
    return next((sorte for sorte in SORTES if sorte.cle == cle), SORTES[0])


def _dire(requete: Requete, geste: str, bilan: gestes.Bilan) -> None:
    if bilan.faits:
        suites = ("va partir", "vont partir") if geste == "renvoyer" else ("est classé", "sont classés")
        suite = suites[bilan.faits > 1]
        messages.success(requete, f"{en_nombre(bilan.faits, 'courriel')} {suite}.")
    for refus in bilan.refus[:REFUS_MONTRES]:
        messages.warning(requete, refus)
    autres = len(bilan.refus) - REFUS_MONTRES
    if autres > 0:
        messages.warning(requete, f"Et {en_nombre(autres, 'autre')}, pour les mêmes raisons.")
