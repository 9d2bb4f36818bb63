"""Correcting a request that is « A modifier »: one screen for a form and for a file (MOD-004 to MOD-021, MOD-028)."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from segurnum.comptes.auteurs import auteur
from segurnum.demandes import brouillons, services
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.demandes.modifiables import delai_passe
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import modifications
from segurnum.regles.calendrier import instant_exact
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible, SaisieDepassee
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.blocs.consultee import Consultee
from segurnum.web.commun.blocs.pieces import pieces as lignes_de_pieces
from segurnum.web.commun.consultation import recapitulatif, titre, version_actuelle
from segurnum.web.commun.entrees import entier
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.televersement import trop_gros
from segurnum.web.commun.version_saisie import envoi_de, gardee, non_gardee, sans_page
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.demandes import adresses, demande_de
from segurnum.web.fournisseur.formulaires_demande import FormulaireDemande
from segurnum.web.fournisseur.lecture_modification import lecture_seule
from segurnum.web.fournisseur.ma_demande import RETIRER
from segurnum.web.fournisseur.pieces_ajoutees import PIECE, FormulairePiece, ajouter
from segurnum.web.kits.geste import faire
from segurnum.web.kits.televersement import statut_du_refus

IMPORTER, ENREGISTRER = "importer_piece", "enregistrer"


@fournisseurs
@never_cache
@PIECE.recoit
@deposants
@limite("modifications", ENTREPRISE, 1_000, HEURE)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(requete: Requete, numero: str) -> HttpResponse:
    """The screen; whatever its button, what was typed is kept first."""
    demande = demande_de(requete, numero)
    if not _attend_une_modification(requete, demande):
        if sans_page(requete):
            return non_gardee()
        return _trop_tard(requete, demande)
    if requete.method != "POST":
        return _page(requete, demande, _formulaire(demande))
    form = _formulaire(demande, requete.POST)
    # The end of a file that is too big is not read, nor what follows it: nothing is then done but keeping.
    geste = requete.POST.get("geste", ENREGISTRER)
    try:
        return _faire(requete, demande, form, geste)
    except GesteImpossible as refus:
        if sans_page(requete):
            return non_gardee(refus)
        if isinstance(refus, SaisieDepassee):
            return redirect("fournisseur:modifier", numero)
        relue = demande_de(requete, numero)
        if not _attend_une_modification(requete, relue):
            return _trop_tard(requete, relue)
        return _page(requete, relue, _formulaire(relue, requete.POST), alerte=str(refus), statut=409)


def _attend_une_modification(requete: Requete, demande: Demande) -> bool:
    return demande.statut is StatutDemande.A_MODIFIER and not delai_passe(demande, recu_le(requete))


def _faire(requete: Requete, demande: Demande, form: FormulaireDemande, geste: str) -> HttpResponse:
    if geste == "ne_pas_modifier" and not trop_gros(requete):
        return _ne_pas_modifier(requete, demande)
    garde = brouillons.garder_modification(
        demande=demande,
        saisie=form.saisie(),
        auteur=auteur(requete.user),
        envoi=envoi_de(requete),
        recu_le=recu_le(requete),
    )
    if sans_page(requete):
        return gardee()
    form.retenir(garde)
    if geste == IMPORTER or PIECE.venu(requete):
        refusee = _importer(requete, demande, form)
        if refusee is not None:
            return refusee
    if geste.startswith(RETIRER):
        return _retirer(requete, demande, geste.removeprefix(RETIRER))
    if geste == "confirmer":
        return _confirmer(requete, demande, form)
    if geste == ENREGISTRER:
        messages.success(requete, "Votre saisie est enregistrée : confirmez-la avant la fin du délai.")
    return redirect("fournisseur:modifier", demande.numero)


def _confirmer(requete: Requete, demande: Demande, form: FormulaireDemande) -> HttpResponse:
    form.is_valid()
    correction = modifications.corrections(demande, form.saisie())
    for nom, phrases in correction.fautes.items():
        if nom not in form.errors:
            form.add_error(nom, phrases)
    for phrase in correction.autres:
        form.add_error(None, phrase)
    if form.errors:
        return _page(requete, demande, form, statut=422)
    instant = recu_le(requete)
    modifications.confirmer(
        demande=demande.pk, saisie=form.saisie(), auteur=auteur(requete.user), recu_le=instant
    )
    messages.success(
        requete,
        "Vos modifications sont confirmées : la demande est de nouveau en cours d'instruction. "
        f"Reçues le {instant_exact(instant)}.",
    )
    return redirect("fournisseur:demande", demande.numero)


def _importer(requete: Requete, demande: Demande, form: FormulaireDemande) -> HttpResponse | None:
    """Attach the chosen file; the page with the reason when it cannot be."""
    piece = FormulairePiece(demande, requete.POST, requete.FILES, facultative=True)
    if ajouter(requete, demande, piece, auteur(requete.user)):
        return None
    return _page(requete, demande, form, piece=piece, statut=statut_du_refus(requete))


def _retirer(requete: Requete, demande: Demande, piece: str) -> HttpResponse:
    retrait = partial(
        services.retirer_piece, demande=demande.pk, piece=entier(piece) or 0, recu_le=recu_le(requete)
    )
    suite = reverse("fournisseur:modifier", args=[demande.numero])
    return faire(requete, retrait, suite, fait="La pièce est supprimée.")


def _ne_pas_modifier(requete: Requete, demande: Demande) -> HttpResponse:
    services.ne_pas_modifier(demande=demande.pk, auteur=auteur(requete.user))
    messages.success(requete, "La demande est de nouveau en cours d'instruction, sans modification.")
    return redirect("fournisseur:demande", demande.numero)


def _formulaire(demande: Demande, data: Any = None) -> FormulaireDemande:
    brouillon = brouillons.de_la_modification(demande)
    return FormulaireDemande(modifications.champs_de(demande), data=data, brouillon=brouillon)


def _page(
    requete: Requete,
    demande: Demande,
    form: FormulaireDemande,
    *,
    piece: FormulairePiece | None = None,
    alerte: str = "",
    statut: int = 200,
) -> HttpResponse:
    consultee = Consultee(demande, version_actuelle(demande), adresses(demande), requete.GET)
    contexte = {
        "demande": demande,
        "action": "Modifier",
        "titre": titre(demande),
        "recapitulatif": _avec_statut(demande),
        "form": form,
        "formulaires": [form, piece] if piece else [form],
        "modifies": form.modifies,
        "version": form.version,
        "piece": piece or FormulairePiece(demande, facultative=True),
        "lectures": lecture_seule(consultee),
        "pieces": lignes_de_pieces(consultee),
        "recentes": {p.pk for p in modifications.pieces_ajoutees(demande)},
        "alerte": alerte,
        "peut_envoyer": peut_deposer(requete.user),
    }
    return render(requete, "fournisseur/modification.html", contexte, status=statut)


def _avec_statut(demande: Demande) -> tuple[tuple[str, str], ...]:
    """« Récapitulatif », whose status is what brings one here (MOD-006)."""
    lignes = recapitulatif(demande)
    statut = ("Statut", demande.statut.libelle)
    return lignes if statut in lignes else (*lignes, statut)


def _trop_tard(requete: Requete, demande: Demande) -> HttpResponse:
    """Nothing is to be corrected (any more). What had been typed is shown, to be copied if need be."""
    brouillon = brouillons.de_la_modification(demande)
    contexte = {
        "demande": demande,
        "action": "Modifier",
        "titre": titre(demande),
        "recapitulatif": recapitulatif(demande),
        "fin": demande.cloture_le if delai_passe(demande, recu_le(requete)) else None,
        "trop_tard": requete.method == "POST" or brouillon is not None,
        "brouillon": _lisible(demande, requete, brouillon),
    }
    statut = 409 if requete.method == "POST" else 200
    return render(requete, "fournisseur/modification_close.html", contexte, status=statut)


def _lisible(demande: Demande, requete: Requete, brouillon: BrouillonDemande | None) -> list[tuple[str, str]]:
    """The corrections that were not confirmed, as labelled texts."""
    saisie = requete.POST if requete.method == "POST" else brouillon.saisie if brouillon else {}
    form = FormulaireDemande(modifications.champs_de(demande), data=saisie or None)
    modifies = form.modifies if saisie else {}
    return [(str(form[nom].label), str(form[nom].value())) for nom in modifies]
