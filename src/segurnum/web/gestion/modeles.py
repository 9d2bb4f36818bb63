"""The officers' instruction of the model documents: the queue, a document beside its file, answers (EXP-011)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.queries import SEUIL
from segurnum.journal.queries import evenements_de
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.permissions import peut_instruire
from segurnum.modeles.queries import soumis
from segurnum.regles.cycles import Acteur, TransitionRefusee, gestes_permis
from segurnum.regles.cycles_modeles import MODELE, GesteModele, StatutModele
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.listes import lister
from segurnum.web.gestion.chronologie import MODELES, chronologie
from segurnum.web.gestion.consultation import AUCUN_REFUS, GestePropose, Refus, identifiants
from segurnum.web.gestion.file import TOUS
from segurnum.web.gestion.formulaires import ModeleAccepte, ModeleRejete
from segurnum.web.gestion.pieces import lire, lisible

STATUTS = tuple(statut for statut in StatutModele if statut is not StatutModele.EN_IMPORT)


@dataclass(frozen=True)
class Geste:
    """An answer: its form, its service, and what the message says once it is given."""

    code: str
    geste: GesteModele
    formulaire: type[forms.Form]
    agir: Callable[..., Any]
    fait: str
    grave: bool = False

    @property
    def libelle(self) -> str:
        return self.geste.libelle


GESTES = {
    geste.code: geste
    for geste in (
        Geste("accepter", GesteModele.ACCEPTER, ModeleAccepte, services.accepter, "accepté"),
        Geste("rejeter", GesteModele.REJETER, ModeleRejete, services.rejeter, "rejeté", grave=True),
    )
}


@agents
def liste(requete: Requete) -> HttpResponse:
    """The oldest first; what waits for an officer unless another status is asked for."""
    demande = requete.GET.get("statut", StatutModele.EN_ATTENTE)
    statut = demande if demande in STATUTS else TOUS
    lignes = soumis() if statut == TOUS else soumis().filter(statut=statut)
    contexte = {
        "statut": statut,
        "statuts": STATUTS,
        "tous": TOUS,
        "liste": lister(lignes, (), requete.GET, ordre=("soumis_le", "pk"), seuil=SEUIL, filtree=True),
    }
    return render(requete, "gestion/modeles/liste.html", contexte)


@agents
def consultation(requete: Requete, modele: int) -> HttpResponse:
    return _page(requete, modele)


@agents
def piece(requete: Requete, modele: int) -> HttpResponse:
    """The document, in the frame or downloaded."""
    ligne = get_object_or_404(soumis(), pk=modele)
    return lire(ligne.fichier, ligne.nom, telecharger="telecharger" in requete.GET)


@require_POST
@reserve_a(Profil.GESTIONNAIRE)
def faire(requete: Requete, modele: int, geste: str) -> HttpResponse:
    """Accept or reject. Made, it leads back to the document; refused, it shows the page again, text kept."""
    demande = GESTES.get(geste)
    if demande is None:
        raise Http404("Ce geste n'existe pas.")
    ligne = get_object_or_404(soumis(), pk=modele)
    formulaire = demande.formulaire(requete.POST, auto_id=identifiants(geste))
    texte = requete.POST.get("motif", "")
    if not formulaire.is_valid():
        return _page(requete, modele, Refus(geste=geste, formulaire=formulaire, texte=texte), 422)
    try:
        demande.agir(modele=ligne.pk, auteur=auteur(requete.user), motif=formulaire.cleaned_data["motif"])
    except (GesteImpossible, TransitionRefusee) as raison:
        return _page(requete, modele, Refus(str(raison), geste, formulaire, texte), 409)
    messages.success(
        requete, f"Le modèle {ligne.nom} est {demande.fait} ; l'entreprise en est avertie par courriel."
    )
    return redirect("gestion:modele", modele)


def _page(requete: Requete, cle: int, refus: Refus = AUCUN_REFUS, statut: int = 200) -> HttpResponse:
    ligne = get_object_or_404(soumis(), pk=cle)
    document = lisible(ligne.nom, ligne.fichier, reverse("gestion:piece_modele", args=[cle]))
    gestes = _gestes(requete, ligne, refus)
    contexte = {
        "modele": ligne,
        "gestes": gestes,
        "refus": refus,
        "texte_garde": refus.texte if refus.geste not in {propose.geste.code for propose in gestes} else "",
        "pieces": [document],
        "premiere": document if document.affichable else None,
        "etapes": chronologie(evenements_de(ligne.chaine), ligne.nom, MODELES),
    }
    return render(requete, "gestion/modeles/modele.html", contexte, status=statut)


def _gestes(requete: Requete, ligne: ModeleDocument, refus: Refus) -> list[GestePropose[Geste]]:
    """What this person may answer now. The form of a refused answer comes back as it was typed."""
    if not peut_instruire(requete.user):
        return []
    admis = gestes_permis(MODELE, ligne.statut_enum, Acteur.GESTIONNAIRE)
    proposes = []
    for geste in GESTES.values():
        if geste.geste in admis:
            refuse = refus.geste == geste.code and refus.formulaire is not None
            formulaire = refus.formulaire if refuse else geste.formulaire(auto_id=identifiants(geste.code))
            proposes.append(GestePropose(geste, formulaire, ouvert=refuse))
    return proposes
