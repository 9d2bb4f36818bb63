"""« Courriels non partis »: what waits, was refused, came back or was held back, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels import gestes, phrases, queries
from segurnum.courriels.models import Courriel
from segurnum.regles.calendrier import instant_fr
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.entrees import entier
from segurnum.web.kits.filtres import contient
from segurnum.web.kits.navigation import Onglet
from segurnum.web.kits.tableau import Colonne, Tableau

REFUS_MONTRES = 5


@dataclass(frozen=True)
class Sorte:
    """One kind of mails that did not arrive."""

    cle: str
    libelle: str
    vide: str
    lignes: Callable[[], QuerySet[Courriel]]
    tri: str = "attendu_depuis"
    gestes: tuple[str, ...] = ("renvoyer", "classer")

    @property
    def tableau(self) -> Tableau:
        return Tableau(
            "liste-courriels",
            f"{self.libelle}, le plus ancien d'abord",
            COLONNES,
            ordre=(self.tri, "pk"),
            vide=self.vide,
        )


SORTES = (
    Sorte("attente", "En attente", "Tout ce qui devait partir est parti.", queries.en_attente),
    Sorte("refuses", "Refusés", "Aucun courriel refusé par le serveur n'attend de geste.", queries.refuses),
    Sorte("revenus", "Revenus", "Aucun courriel revenu n'attend de geste.", queries.revenus),
    Sorte("retenus", "Retenus", "Aucun courriel n'est retenu.", queries.retenus, "retenu_le", ("renvoyer",)),
)
COLONNES = (
    Colonne("depuis", "Depuis le", None, ("attendu_depuis", "retenu_le"), insecable=True),
    Colonne("objet", "Objet", contient("objet"), ("objet",)),
    Colonne("destinataire", "Destinataire", contient("destinataire"), ("destinataire",)),
    Colonne("raison", "Ce qui s'est passé"),
    Colonne("choisir", "Choisir", cellule="gestion/cellules/courriel.html"),
)


@dataclass(frozen=True)
class Ligne:
    """A mail as the table shows it."""

    cle: int
    objet: str
    destinataire: str
    depuis: str
    raison: str


administration = reserve_a(Profil.ADMINISTRATION)


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
        "affiche": sorte.tableau.lire(
            sorte.lignes(), requete.GET, presenter=lambda lus: [_ligne(lu) for lu in lus], gardes=("etat",)
        ),
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


def _sorte(cle: str) -> Sorte:
    return next((sorte for sorte in SORTES if sorte.cle == cle), SORTES[0])


def _dire(requete: Requete, geste: str, bilan: gestes.Bilan) -> None:
    if bilan.faits:
        s = "s" if bilan.faits > 1 else ""
        suite = (
            f"{'vont' if s else 'va'} partir"
            if geste == "renvoyer"
            else f"{'sont' if s else 'est'} classé{s}"
        )
        messages.success(requete, f"{bilan.faits} courriel{s} {suite}.")
    for refus in bilan.refus[:REFUS_MONTRES]:
        messages.warning(requete, refus)
    autres = len(bilan.refus) - REFUS_MONTRES
    if autres > 0:
        messages.warning(requete, f"Et {autres} autre{'s' if autres > 1 else ''}, pour les mêmes raisons.")


def _ligne(courriel: Courriel) -> Ligne:
    depuis = courriel.retenu_le if courriel.est_retenu else courriel.attendu_depuis or courriel.cree_le
    return Ligne(
        cle=courriel.pk,
        objet=courriel.objet,
        destinataire=courriel.destinataire,
        depuis=instant_fr(depuis) if depuis else "",
        raison=courriel.derniere_erreur if courriel.est_retenu else phrases.constat(courriel),
    )
