"""Correcting a request that is « A modifier »: one screen for a form and for a file (MOD-004 to MOD-021, MOD-028).

Sent, the screen is read once, what is wanted of it is decided, one service does it all, and one answer is shown.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.comptes.auteurs import auteur
from segurnum.demandes import brouillons, services
from segurnum.demandes.ecriture import recapitulatif
from segurnum.demandes.models import Demande
from segurnum.demandes.modifiables import delai_passe
from segurnum.demandes.permissions import peut_deposer
from segurnum.demandes.versions import version_actuelle
from segurnum.depots import modifications
from segurnum.depots.modifications import Recu
from segurnum.kits.geste import faire, tenter
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.televersement import statut_du_refus
from segurnum.regles.calendrier import instant_exact
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import RefusMetier, SaisieDepassee
from segurnum.seuil.acces import Requete, deposants
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.televersement import trop_gros
from segurnum.seuil.version_saisie import envoi_de, gardee, non_gardee, sans_page
from segurnum.web.commun.blocs.consultee import Consultee
from segurnum.web.commun.blocs.informations import Groupe, comptes, identite, informations, montants
from segurnum.web.commun.blocs.suites import pieces as lignes_de_pieces
from segurnum.web.fournisseur import formulaire_correction
from segurnum.web.fournisseur.acces import saisie
from segurnum.web.fournisseur.demandes import ADRESSES, demande_de, montrer
from segurnum.web.fournisseur.formulaire_correction import FormulaireCorrection
from segurnum.web.fournisseur.formulaires_demande import PIECE, FormulairePiece, Suite

ACTION = "Modifier"
AJOUTER, RETIRER, CONFIRMER, RENONCER = "importer_piece", "retirer", "confirmer", "ne_pas_modifier"
CONFIRMEE = (
    "Vos modifications sont confirmées : la demande est de nouveau en cours d'instruction. Reçues le {}."
)
INCHANGEE = (
    "La demande est de nouveau en cours d'instruction, sans modification : ce que vous aviez saisi ou ajouté pour "
    "la corriger est écarté."
)
ENREGISTREE = "Votre saisie est enregistrée : confirmez-la avant la fin du délai."
# What is said once a button's gesture is made; of what is sent by no button, that it is kept.
FAITES = {
    "": ENREGISTREE,
    "enregistrer": ENREGISTREE,
    RETIRER: "La pièce est supprimée.",
    formulaire_correction.AJOUTER: "Un élément est ajouté à votre saisie : remplissez-le, puis confirmez.",
    formulaire_correction.OTER: "L'élément est retiré de votre saisie : rien ne change avant que vous confirmiez.",
    formulaire_correction.RETABLIR: "Les éléments retirés sont de nouveau dans votre saisie.",
}
AFFICHEE = Suite(200)
PIECES = Tableau(
    "pieces",
    "Pièces de la demande",
    (
        Colonne("nom", "Nom du fichier", cellule="commun/composants/nom_piece.html"),
        Colonne("type", "Type de document", cellule="piece.type", precision="libelle"),
        Colonne("adresse", "Consulter", cellule="commun/composants/lire_piece.html"),
        Colonne("supprimer", "Supprimer", cellule="fournisseur/cellules/retirer_de_la_modification.html"),
    ),
)


@never_cache
@PIECE.recoit
@saisie(deposants)
@limite("modifications", ENTREPRISE, 1_000, HEURE)
def modifier(requete: Requete, numero: str) -> HttpResponse:
    """The screen; whatever its button, what was typed is kept first."""
    demande = demande_de(requete, numero)
    if demande.statut is StatutDemande.NON_COMPLETEE:
        return redirect("fournisseur:completer", numero)
    if not _attend_une_modification(requete, demande):
        return non_gardee() if sans_page(requete) else _close(requete, demande)
    if requete.method != "POST":
        return _page(requete, demande, _formulaire(demande), FormulairePiece(demande, facultative=True))
    return _recevoir(requete, demande)


def _recevoir(requete: Requete, demande: Demande) -> HttpResponse:
    """Read what came, keep it and do what the button says in one call, then answer."""
    numero = demande.numero
    # The end of a file that is too big is not read, nor what follows it: nothing is then done but keeping.
    rien_que_garder = sans_page(requete) or trop_gros(requete)
    geste, _, cle = (requete.POST.get("geste", "") if not rien_que_garder else "").partition(":")
    if geste == RENONCER:
        renoncer = partial(services.ne_pas_modifier, demande=demande.pk, auteur=auteur(requete.user))
        return faire(requete, renoncer, reverse("fournisseur:demande", args=[numero]), fait=INCHANGEE)
    form = _formulaire(demande, requete.POST)
    change, ancre = form.changer(geste, cle) if geste in formulaire_correction.GESTES else ({}, "")
    venue = not sans_page(requete) and (geste == AJOUTER or PIECE.venu(requete))
    # Nobody is asked for a piece that was not chosen.
    piece = FormulairePiece(demande, *([requete.POST, requete.FILES] if venue else []), facultative=True)
    ajout = PIECE.essayer(requete, piece, lambda lue: lue.ajout) if venue else None
    if venue and ajout is None:
        geste = AJOUTER  # what cannot be added stops what was to be done with it
    recu, refus = tenter(
        partial(
            modifications.recevoir,
            demande=demande,
            saisie=form.saisie() | dict(change),
            auteur=auteur(requete.user),
            envoi=envoi_de(requete),
            ajout=ajout,
            retirer=(entier(cle) or 0) if geste == RETIRER else None,
            a_confirmer=geste == CONFIRMER,
            juste=geste == CONFIRMER and form.is_valid(),
            recu_le=recu_le(requete),
        )
    )
    if sans_page(requete):
        return gardee() if recu else non_gardee(refus)
    if recu is None or recu.refus:
        # What was done meanwhile, maybe by another tab, is read again below what was typed in this one.
        demande = demande_de(requete, numero)
        if not _attend_une_modification(requete, demande):
            return _close(requete, demande)
        form = _formulaire(demande, requete.POST)
    if ajout and recu and not recu.refus_de_la_piece:
        messages.success(requete, f"La pièce « {ajout.nom} » est ajoutée.")
        piece = FormulairePiece(demande, facultative=True)
    faux = recu is not None and not recu.refus and _fautes(form, piece, recu, venue=venue)
    suite = suite_de(geste, recu, refus, statut_du_refus(requete) if faux else 0, recu_le(requete))
    if suite.statut:
        return _page(requete, demande, form, piece, suite)
    suite.dire(requete)
    if recu and recu.confirmee:
        return redirect("fournisseur:demande", numero)
    adresse = reverse("fournisseur:modifier", args=[numero])
    return redirect(f"{adresse}#{ancre}" if ancre else adresse)


def suite_de(geste: str, recu: Recu | None, refus: RefusMetier | None, faux: int, instant: datetime) -> Suite:
    """What is answered to a correction that was sent. `faux`: the status of a page that says what is wrong, else 0."""
    if recu is None:
        return Suite() if isinstance(refus, SaisieDepassee) else Suite(409, alerte=str(refus))
    if recu.refus:
        return Suite(409, alerte=recu.refus)
    if faux:
        return Suite(faux)
    if recu.confirmee:
        return Suite(message=CONFIRMEE.format(instant_exact(instant)))
    return Suite(message=FAITES.get(geste, ""))


def _fautes(form: FormulaireCorrection, piece: FormulairePiece, recu: Recu, *, venue: bool) -> bool:
    """Say beside the fields what is wrong of what was kept. True when something is."""
    form.retenir(recu.garde)
    if recu.refus_de_la_piece:
        piece.add_error("fichier", recu.refus_de_la_piece)
    if recu.correction is not None:
        for nom, phrases in recu.correction.fautes.items():
            if nom not in form.errors:
                form.add_error(nom, phrases)
        for phrase in recu.correction.autres:
            form.add_error(None, phrase)
    return bool((venue and piece.errors) or (recu.correction and form.errors))


def _attend_une_modification(requete: Requete, demande: Demande) -> bool:
    return demande.statut is StatutDemande.A_MODIFIER and not delai_passe(demande, recu_le(requete))


def _formulaire(demande: Demande, data: Any = None) -> FormulaireCorrection:
    brouillon = brouillons.de_la_modification(demande)
    gardee: Any = brouillon.saisie if brouillon else {}
    ecran = modifications.ecran_de(demande, gardee if data is None else data)
    return FormulaireCorrection(ecran, data, brouillon=brouillon)


def _page(
    requete: Requete,
    demande: Demande,
    form: FormulaireCorrection,
    piece: FormulairePiece,
    suite: Suite = AFFICHEE,
) -> HttpResponse:
    consultee = Consultee(demande, version_actuelle(demande), ADRESSES, requete)
    lignes, statut = recapitulatif(demande), ("Statut", demande.statut.libelle)
    contexte = {
        # The status is what brings one here (MOD-006).
        "recapitulatif": lignes if statut in lignes else (*lignes, statut),
        "form": form,
        "formulaires": [form, piece] if piece.is_bound else [form],
        "modifies": form.modifies,
        "version": form.version,
        "piece": piece,
        "lectures": _lecture_seule(consultee),
        "pieces": lignes_de_pieces(consultee, PIECES),
        "recentes": {p.pk for p in modifications.pieces_ajoutees(demande)},
        "alerte": suite.alerte,
        "peut_envoyer": peut_deposer(requete.user),
    }
    return montrer(requete, demande, "fournisseur/modification.html", ACTION, contexte, suite.statut)


def _lecture_seule(consultee: Consultee) -> tuple[Groupe, ...]:
    """What is shown and does not change (MOD-013, MOD-014): number and DSR, counts, amounts."""
    if not consultee.couloir.par_formulaire:
        lues = informations(consultee)
        return (Groupe("Informations de la demande", lues.demande[:2]), Groupe("Montants", lues.montants))
    groupes = (identite(consultee), comptes(consultee), *montants(consultee))
    return tuple(groupe for groupe in groupes if groupe.donnees)


def _close(requete: Requete, demande: Demande) -> HttpResponse:
    """Nothing is to be corrected (any more). What had been typed is shown, to be copied if need be."""
    brouillon = brouillons.de_la_modification(demande)
    envoyee = requete.method == "POST"
    tape = requete.POST if envoyee else brouillon.saisie if brouillon else {}
    form = FormulaireCorrection(modifications.ecran_de(demande, tape), tape or None)
    contexte = {
        "fin": demande.cloture_le if delai_passe(demande, recu_le(requete)) else None,
        "trop_tard": envoyee or brouillon is not None,
        "brouillon": [(str(form[nom].label), str(form[nom].value())) for nom in form.modifies]
        if tape
        else [],
    }
    gabarit = "fournisseur/modification_close.html"
    return montrer(requete, demande, gabarit, ACTION, contexte, 409 if envoyee else 200)
