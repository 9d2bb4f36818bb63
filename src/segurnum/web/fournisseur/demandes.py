"""The requests table and the consultation of one of them (REQ-001 to REQ-068)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.permissions import peut_deposer
from segurnum.demandes.queries import avec_tout, de_l_entreprise, pieces_de
from segurnum.demandes.services import STATUTS_A_COMPLETER
from segurnum.demandes.versions import historique as versions_de
from segurnum.editorial.queries import tickets_de
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.fichiers.documents import Genre
from segurnum.paiements.queries import versements_de
from segurnum.regles.cycles import StatutDemande
from segurnum.seuil.acces import Requete, entreprise_de, fournisseurs
from segurnum.seuil.documents import avis_de_paiement, piece_de_demande
from segurnum.seuil.entrees import entier
from segurnum.seuil.iban import comptes_lus
from segurnum.seuil.telechargements import sert, servir
from segurnum.web.commun.blocs.consultee import Adresses
from segurnum.web.commun.consultation import Consultation, consulter
from segurnum.web.fournisseur import tableaux
from segurnum.web.fournisseur.banque import adresse_iban
from segurnum.web.fournisseur.formulaires import FormulaireDemandes


@fournisseurs
@require_safe
def demandes(requete: Requete) -> HttpResponse:
    """« Rechercher une demande d'avance ou de solde »: never more than SEUIL rows are read (REQ-009)."""
    entreprise = entreprise_de(requete)
    form = FormulaireDemandes(requete.GET)
    criteres = form.cleaned_data if form.is_valid() else {}
    lignes = tableaux.demandes(entreprise, criteres)
    contexte = {
        "titre": "Rechercher une demande d'avance ou de solde",
        "fil": "Gérer mes demandes de financement",
        "form": form,
        "recherche": "fournisseur/fragments/recherche_demandes.html",
        "affiche": tableaux.demandes_de(entreprise).lire(
            lignes if form.is_valid() else lignes.none(),
            requete.GET,
            criteres=any(criteres.values()),
            tout_ou_rien=True,
        ),
        "statuts_a_completer": STATUTS_A_COMPLETER if peut_deposer(requete.user) else (),
    }
    return render(requete, "fournisseur/liste.html", contexte)


@fournisseurs
@require_safe
def demande(requete: Requete, numero: str) -> HttpResponse:
    """« Version actuelle », or an older version that the history leads to."""
    ligne = demande_de(requete, numero)
    try:
        lue = _consulter(requete, ligne, entier(requete.GET.get("version")))
    except LookupError as inconnue:
        raise Http404 from inconnue
    return render(requete, "fournisseur/demande.html", _contexte(requete, lue))


@fournisseurs
@require_safe
def historique(requete: Requete, numero: str) -> HttpResponse:
    """« Historique »: every version since the deposit, and what changed from one to the next (REQ-035)."""
    ligne = demande_de(requete, numero)
    lue = _consulter(requete, ligne)
    contexte = _contexte(requete, lue) | {
        "versions": versions_de(ligne),
        "adresse_version": reverse("fournisseur:demande", args=[numero]),
    }
    return render(requete, "fournisseur/historique.html", contexte)


@fournisseurs
@require_safe
@sert(Genre.PIECE_DEMANDE, Genre.LETTRE)
def piece(requete: Requete, numero: str, piece: int) -> HttpResponseBase:
    """A piece of a request of this company, as a download (REQ-050, XCT-005)."""
    lignes = pieces_de(de_l_entreprise(entreprise_de(requete)))
    return servir(requete, piece_de_demande(get_object_or_404(lignes, pk=piece, demande__numero=numero)))


@fournisseurs
@require_safe
@sert(Genre.LETTRE)
def avis(requete: Requete, numero: str, versement: int) -> HttpResponseBase:
    """The payment notice of a transfer (REQ-066)."""
    lignes = versements_de(de_l_entreprise(entreprise_de(requete)))
    ligne = get_object_or_404(lignes, pk=versement, decision__demande__numero=numero)
    return servir(requete, avis_de_paiement(ligne))


def demande_de(requete: Requete, numero: str) -> Demande:
    """A request of this company, 404 for another's as for none.

    A cancelled request and the avenant that it left behind have one number: the last is read, unless the address
    names the other (`avenant`).
    """
    lignes = avec_tout(de_l_entreprise(entreprise_de(requete))).filter(numero=numero)
    avenant = entier(requete.GET.get("avenant"))
    if avenant is not None:
        lignes = lignes.filter(pk=avenant)
    ligne = lignes.order_by("-pk").first()
    if ligne is None:
        raise Http404
    return ligne


def adresses(demande: Demande) -> Adresses:
    return Adresses(
        piece=lambda piece: reverse("fournisseur:piece", args=[_numero(demande, piece), piece.pk]),
        avis=lambda versement: reverse(
            "fournisseur:avis", args=[versement.decision.demande.numero, versement.pk]
        ),
    )


def _consulter(requete: Requete, demande: Demande, rang: int | None = None) -> Consultation:
    return consulter(
        demande,
        adresses=adresses(demande),
        parametres=requete.GET,
        iban=lambda compte: comptes_lus(requete, [compte], adresse_iban)[compte.pk],
        rang=rang,
    )


def _numero(demande: Demande, piece: PieceJustificative) -> str:
    """A solde shows the letter of its avance too, which is served from there."""
    return demande.numero if piece.demande_id == demande.pk else piece.demande.numero


def _contexte(requete: Requete, lue: Consultation) -> dict[str, Any]:
    demande = lue.demande
    return {
        "consultation": lue,
        "demande": demande,
        "avenant": requete.GET.get("avenant", ""),
        "peut_completer": demande.statut in STATUTS_A_COMPLETER and peut_deposer(requete.user),
        "messages_envoyes": tickets_de(demande.numero, demande.entreprise),
        "peut_signaler": demande.statut is StatutDemande.EN_COURS and peut_deposer(requete.user),
        "inscrits": qui_deposent_par_formulaire(demande.entreprise) if demande.couloir.par_formulaire else (),
        "incomplete": demande.statut is StatutDemande.NON_COMPLETEE,
    }
