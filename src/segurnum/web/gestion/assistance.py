"""Messages to the assistance: the list, the message, the answer (GST-030)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.editorial import assistance
from segurnum.editorial.models import CouloirConcerne, Ticket
from segurnum.editorial.queries import tickets
from segurnum.fichiers.documents import Genre
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.blocs.suites import courriels_sur
from segurnum.web.commun.documents import piece_de_message
from segurnum.web.commun.entrees import entier
from segurnum.web.commun.listes import Colonne, lister
from segurnum.web.commun.telechargements import sert, servir

SEUIL = 500
FAITS = {
    "prendre": (assistance.prendre, "est pris en charge."),
    "clore": (assistance.clore, "est clos."),
    "rouvrir": (assistance.rouvrir, "est rouvert."),
}


def _par_texte(champ: str) -> Any:
    return lambda lignes, texte: lignes.filter(**{f"{champ}__icontains": texte})


def _par_libelle(champ: str, choix: list[tuple[str, Any]]) -> Any:
    """The rows of which the label, as the screen writes it, contains the text."""
    return lambda lignes, texte: lignes.filter(
        **{
            f"{champ}__in": [
                valeur for valeur, libelle in choix if texte.casefold() in str(libelle).casefold()
            ]
        }
    )


def _par_numero(lignes: Any, texte: str) -> Any:
    cle = entier(texte.upper().removeprefix("AST"))
    return lignes.none() if cle is None else lignes.filter(pk=cle)


COLONNES = (
    Colonne("numero", "Numéro", _par_numero, ("pk",)),
    Colonne("recu", "Reçu le", None, ("recu_le",)),
    Colonne("etat", "État", _par_libelle("etat", Ticket.Etat.choices), ("etat",)),
    Colonne("couloir", "Couloir", _par_libelle("couloir", CouloirConcerne.choices), ("couloir",)),
    Colonne("nom", "Nom", _par_texte("nom"), ("nom",)),
    Colonne("societe", "Raison sociale", _par_texte("raison_sociale"), ("raison_sociale",)),
    Colonne("demande", "Demande associée", _par_texte("numero_demande"), ("numero_demande",)),
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
    resultat = lister(lignes, COLONNES, requete.GET, ordre=("recu_le", "pk"), seuil=SEUIL, filtree=False)
    return render(requete, "gestion/tickets.html", {"liste": resultat, "clos": clos})


@redacteurs
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(requete: Requete, ticket: int) -> HttpResponse:
    """The message with its answers; a POST answers it."""
    ligne = get_object_or_404(tickets(), pk=ticket)
    if requete.method != "POST":
        return _page(requete, ligne, FormulaireReponse())
    formulaire = FormulaireReponse(requete.POST)
    if formulaire.is_valid():
        try:
            assistance.repondre(ticket=ligne.pk, agent=requete.user, **formulaire.cleaned_data)
        except GesteImpossible as refus:
            formulaire.add_error(None, str(refus))
        else:
            messages.success(requete, f"Votre réponse part à {ligne.courriel}.")
            return redirect("gestion:ticket", ligne.pk)
    return _page(requete, ligne, formulaire, statut=422)


@redacteurs
@require_POST
def geste_ticket(requete: Requete, ticket: int, geste: str) -> HttpResponse:
    ligne = get_object_or_404(tickets(), pk=ticket)
    if geste not in FAITS:
        raise Http404
    faire, constat = FAITS[geste]
    try:
        faire(ticket=ligne.pk, agent=requete.user)
    except GesteImpossible as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, f"Le message {ligne.numero} {constat}")
    return redirect("gestion:ticket", ligne.pk)


@redacteurs
@require_safe
@sert(Genre.MESSAGE)
def piece_ticket(requete: Requete, ticket: int) -> HttpResponseBase:
    """What was joined to the message, as a file to save."""
    return servir(requete, piece_de_message(get_object_or_404(tickets(), pk=ticket)))


def _page(
    requete: Requete, ligne: Ticket, formulaire: FormulaireReponse, *, statut: int = 200
) -> HttpResponse:
    contexte = {
        "ticket": ligne,
        "form": formulaire,
        "gestes": assistance.gestes_permis(ligne),
        "courriels": courriels_sur(f"ticket:{ligne.pk}"),
    }
    return render(requete, "gestion/ticket.html", contexte, status=statut)
