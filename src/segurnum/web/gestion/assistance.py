"""Messages to the assistance: the list, the message, the answer (GST-030)."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.editorial import assistance
from segurnum.editorial.models import CouloirConcerne, Ticket
from segurnum.editorial.queries import tickets
from segurnum.fichiers.documents import Genre
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.blocs.suites import courriels_sur
from segurnum.web.commun.documents import piece_de_message
from segurnum.web.commun.entrees import entier
from segurnum.web.commun.telechargements import sert, servir
from segurnum.web.kits.filtres import contient, parmi
from segurnum.web.kits.geste import choisir, envoi, faire, traiter
from segurnum.web.kits.navigation import Onglet
from segurnum.web.kits.tableau import Colonne, Tableau

FAITS = {
    "prendre": (assistance.prendre, "est pris en charge."),
    "clore": (assistance.clore, "est clos."),
    "rouvrir": (assistance.rouvrir, "est rouvert."),
}


def _par_numero(lignes: Any, texte: str) -> Any:
    cle = entier(texte.upper().removeprefix("AST"))
    return lignes.none() if cle is None else lignes.filter(pk=cle)


TABLEAU = Tableau(
    "liste-tickets",
    "Messages, le plus ancien d'abord",
    (
        Colonne(
            "numero",
            "Numéro",
            _par_numero,
            ("pk",),
            titre=True,
            lien=lambda ticket: reverse("gestion:ticket", args=[ticket.pk]),
        ),
        Colonne("recu", "Reçu le", None, ("recu_le",), cellule="recu_le|instant", insecable=True),
        Colonne(
            "etat",
            "État",
            parmi("etat", lambda: Ticket.Etat.choices),
            ("etat",),
            cellule="etat|badge:ligne.get_etat_display",
        ),
        Colonne(
            "couloir",
            "Couloir",
            parmi("couloir", lambda: CouloirConcerne.choices),
            ("couloir",),
            cellule="get_couloir_display",
        ),
        Colonne("nom", "Nom", contient("nom"), ("nom",)),
        Colonne(
            "societe",
            "Raison sociale",
            contient("raison_sociale"),
            ("raison_sociale",),
            cellule="raison_sociale",
        ),
        Colonne(
            "demande",
            "Demande associée",
            contient("numero_demande"),
            ("numero_demande",),
            cellule="numero_demande",
        ),
    ),
    ordre=("recu_le", "pk"),
)


class FormulaireReponse(forms.Form):
    texte = forms.CharField(
        label="Votre réponse",
        help_text="Envoyée telle quelle par courriel, à la suite de la formule d'appel.",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez la réponse à envoyer."},
    )
    clore = forms.BooleanField(label="Clore le message après l'envoi", required=False)


redacteurs = reserve_a(*PROFILS_INSTRUCTEURS)


@redacteurs
@require_safe
def liste(requete: Requete) -> HttpResponse:
    clos = "clos" in requete.GET
    lignes = tickets() if clos else tickets().exclude(etat=Ticket.Etat.CLOS)
    adresse = reverse("gestion:tickets")
    contexte = {
        "titre": "Messages à l'assistance",
        "legende_onglets": "Messages à montrer",
        "onglets": [
            Onglet("À traiter", adresse, not clos),
            Onglet("Tous, clos compris", f"{adresse}?clos", clos),
        ],
        "affiche": TABLEAU.lire(lignes, requete.GET, gardes=("clos",)),
    }
    return render(requete, "gestion/liste.html", contexte)


@redacteurs
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(requete: Requete, ticket: int) -> HttpResponse:
    """The message with its answers; a POST answers it."""
    ligne = get_object_or_404(tickets(), pk=ticket)
    form = FormulaireReponse(envoi(requete))
    return traiter(
        requete,
        form,
        lambda saisie: assistance.repondre(ticket=ligne.pk, auteur=auteur(requete.user), **saisie),
        requete.path,
        partial(_page, requete, ligne, form),
        fait=f"Votre réponse part à {ligne.courriel}.",
    )


@redacteurs
@require_POST
def geste_ticket(requete: Requete, ticket: int, geste: str) -> HttpResponse:
    ligne = get_object_or_404(tickets(), pk=ticket)
    service, constat = choisir(FAITS, geste)
    agir = partial(service, ticket=ligne.pk, auteur=auteur(requete.user))
    suite = reverse("gestion:ticket", args=[ligne.pk])
    return faire(requete, agir, suite, fait=f"Le message {ligne.numero} {constat}")


@redacteurs
@require_safe
@sert(Genre.MESSAGE)
def piece_ticket(requete: Requete, ticket: int) -> HttpResponseBase:
    """What was joined to the message, as a file to save."""
    return servir(requete, piece_de_message(get_object_or_404(tickets(), pk=ticket)))


def _page(requete: Requete, ligne: Ticket, formulaire: FormulaireReponse, statut: int) -> HttpResponse:
    contexte = {
        "ticket": ligne,
        "form": formulaire,
        "gestes": assistance.gestes_permis(ligne),
        "courriels": courriels_sur(f"ticket:{ligne.pk}"),
    }
    return render(requete, "gestion/ticket.html", contexte, status=statut)
