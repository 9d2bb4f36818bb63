"""Messages to the assistance: the list, the message, the answer (GST-030)."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from segurnum.comptes.auteurs import auteur
from segurnum.demandes.queries import nommees
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket, couloirs_concernes
from segurnum.editorial.queries import ecrit, tickets
from segurnum.fichiers.documents import Genre
from segurnum.kits import colonnes
from segurnum.kits.geste import choisir, envoi, faire, traiter
from segurnum.kits.navigation import Onglet, vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.templatetags.portail import genre_de_fichier, poids
from segurnum.seuil.acces import Requete, bouton_de, formulaire_de, instructeurs, page_de
from segurnum.seuil.documents import piece_de_message
from segurnum.seuil.entrees import entier
from segurnum.seuil.telechargements import sert, servir
from segurnum.web.commun.blocs.suites import courriels_sur

GESTES = {
    "prendre": (assistance.prendre, "Prendre en charge", "est pris en charge."),
    "clore": (assistance.clore, "Clore sans répondre", "est clos."),
    "rouvrir": (assistance.rouvrir, "Rouvrir", "est rouvert."),
}


def _par_numero(lignes: Any, texte: str) -> Any:
    cle = entier(texte.upper().removeprefix("AST"))
    return lignes.none() if cle is None else lignes.filter(pk=cle)


TABLEAU = Tableau(
    "liste-tickets",
    "Messages, le plus ancien d'abord",
    (
        Colonne("numero", "Numéro", _par_numero, ("pk",), titre=True, lien=vers("gestion:ticket")),
        Colonne("recu", "Reçu le", None, ("recu_le",), cellule="recu_le|instant", insecable=True),
        colonnes.choix(
            "etat", "État", "etat", lambda: Ticket.Etat.choices, "etat|badge:ligne.get_etat_display"
        ),
        colonnes.choix("couloir", "Couloir", "couloir", couloirs_concernes, "get_couloir_display"),
        colonnes.texte("nom", "Nom"),
        colonnes.texte("societe", "Raison sociale", "raison_sociale"),
        colonnes.texte("demande", "Demande associée", "numero_demande"),
        Colonne("charge", "Pris en charge par", cellule="pris_par"),
    ),
    ordre=("recu_le", "pk"),
)


AIDE_DU_FIL = "L'entreprise la lit sur le fil de son dossier ; un courriel l'en avertit, sans la dire."


class FormulaireReponse(forms.Form):
    texte = forms.CharField(
        label="Votre réponse",
        help_text="Envoyée telle quelle par courriel, à la suite de la formule d'appel.",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez la réponse à envoyer."},
    )
    clore = forms.BooleanField(label="Clore le message après l'envoi", required=False)


@page_de(instructeurs)
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


@formulaire_de(instructeurs)
def ticket(requete: Requete, ticket: int) -> HttpResponse:
    """The message with its answers; a POST answers it."""
    ligne = get_object_or_404(tickets(), pk=ticket)
    form = FormulaireReponse(envoi(requete))
    if sur_un_fil := assistance.demande_du_fil(ligne) is not None:
        form.fields["texte"].help_text = AIDE_DU_FIL
    return traiter(
        requete,
        form,
        lambda saisie: assistance.repondre(ticket=ligne.pk, auteur=auteur(requete.user), **saisie),
        requete.path,
        partial(_page, requete, ligne, form),
        fait="Votre réponse se lit sur le fil du dossier ; un courriel en avertit l'entreprise."
        if sur_un_fil
        else f"Votre réponse part à {ligne.courriel}.",
    )


@bouton_de(instructeurs)
def geste_ticket(requete: Requete, ticket: int, geste: str) -> HttpResponse:
    ligne = get_object_or_404(tickets(), pk=ticket)
    service, _, constat = choisir(GESTES, geste)
    agir = partial(service, ticket=ligne.pk, auteur=auteur(requete.user))
    suite = reverse("gestion:ticket", args=[ligne.pk])
    return faire(requete, agir, suite, fait=f"Le message {ligne.numero} {constat}")


@page_de(instructeurs)
@sert(Genre.MESSAGE)
def piece_ticket(requete: Requete, ticket: int) -> HttpResponseBase:
    """What was joined to the message, as a file to save."""
    return servir(requete, piece_de_message(get_object_or_404(tickets(), pk=ticket)))


def _page(requete: Requete, ligne: Ticket, formulaire: FormulaireReponse, statut: int) -> HttpResponse:
    gestes = assistance.gestes_permis(ligne, auteur(requete.user))
    contexte = {
        "ticket": ligne,
        "fiche": [
            *ecrit(ligne),
            _demande(ligne),
            ("Pièce jointe", _piece(ligne) if ligne.fichier else "Aucune"),
        ],
        "form": formulaire,
        "gestes": gestes,
        "empechement": assistance.empechement(ligne, "REPONDRE", auteur(requete.user))
        if ligne.etat != Ticket.Etat.CLOS
        else "",
        "boutons": [(code, dit) for code, (_, dit, _) in GESTES.items() if code.upper() in gestes],
        "courriels": courriels_sur(f"ticket:{ligne.pk}"),
    }
    return render(requete, "gestion/ticket.html", contexte, status=statut)


def _demande(ligne: Ticket) -> tuple[str, SafeString]:
    """The request that the message is about, as its author wrote it, and the way to it where there is one."""
    liens = [(reverse("gestion:demande", args=[d.numero]), d.numero) for d in nommees(ligne.numero_demande)]
    menent = format_html_join(", ", '<a class="fr-link" href="{}">{}</a>', liens)
    suite = format_html(" ({})", menent) if menent else ""
    return "Numéro de demande associée", format_html("{}{}", ligne.numero_demande, suite)


def _piece(ligne: Ticket) -> SafeString:
    return format_html(
        '<a class="fr-link" href="{}">{}</a> ({} - {})',
        reverse("gestion:piece_ticket", args=[ligne.pk]),
        ligne.nom_fichier,
        genre_de_fichier(ligne.nom_fichier),
        poids(ligne.fichier.taille if ligne.fichier else 0),
    )
