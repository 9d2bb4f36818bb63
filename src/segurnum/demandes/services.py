"""Every change of a request: lock, guard, change, journal, mail, in one transaction.

The life cycle's table says which gestures exist; the guards here are those that need data. Functions take keyword
arguments only, return the changed request, and raise `TransitionRefusee` or `GesteImpossible` with a sentence.
"""

import contextlib
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import exiger
from segurnum.demandes import changements, complements, cycle, maturite, montants, separation
from segurnum.demandes.accuses import accuser_complement, attester_correction
from segurnum.demandes.avenants import nouvel_avenant
from segurnum.demandes.creation import Declaration, beneficiaires
from segurnum.demandes.ecarts import exiger_octroi_approuve, motif_de_l_ecart
from segurnum.demandes.models import (
    STATUTS_A_COMPLETER,
    Beneficiaire,
    BrouillonDemande,
    Demande,
    PieceJustificative,
    VersionDemande,
)
from segurnum.demandes.modifiables import delais, delais_de_piece, exiger_a_temps, exiger_modifiable
from segurnum.demandes.preuves import BENEFICIAIRES, CONTENU, VERSIONS
from segurnum.demandes.queries import donnees_courantes, solde_vivant
from segurnum.demandes.recalcul import exiger_montants_intacts
from segurnum.demandes.separation import Role
from segurnum.fichiers.models import RETENUES, Fichier
from segurnum.fichiers.services import exiger_sains
from segurnum.financements import services as financements
from segurnum.journal import pieces
from segurnum.regles import calendrier
from segurnum.regles.cycles import EtatPaiement, GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot

# --- Instruction


@transaction.atomic
def valider(*, demande: int, auteur: Auteur, retenu_ht: Decimal | None = None, motif: str = "") -> Demande:
    """Fix the retained amounts and validate (RUL-008 to RUL-011).

    `retenu_ht` (euros HT) is the officer's own amount, within what was declared and the ceiling; `motif` says why.
    The reason of whatever is not retained is written for the supplier, in the mail and the letter of the decision.
    """
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.VALIDER, auteur)
    separation.separer(ligne, Role.VALIDER, GesteDemande.VALIDER, auteur)
    if pas_mur := maturite.empechement(ligne):
        raise GesteImpossible(pas_mur)
    exiger_sains((piece.type, piece.nom, piece.fichier) for piece in _pieces_recues(ligne))
    exiger_octroi_approuve(ligne)
    retenir(ligne, retenu_ht=retenu_ht)
    ligne.motif_montant = motif_de_l_ecart(ligne, retenu_ht, motif)
    ligne.valideur_id = auteur.cle
    ligne.valide_le = calendrier.maintenant()
    details = {"calcul": ligne.calcul, "retenu_ht": "" if retenu_ht is None else f"{retenu_ht:.2f}"}
    return cycle.franchir(ligne, passage, auteur, motif=ligne.motif_montant, details=details, remplace=False)


def _pieces_recues(demande: Demande) -> QuerySet[PieceJustificative]:
    """In the order of their arrival; without what a deposit brought sound, which takes the place of nothing."""
    saines_du_depot = Q(origine=PieceJustificative.Origine.DEPOT) & ~Q(fichier__analyse__in=RETENUES)
    return demande.pieces.exclude(saines_du_depot).select_related("fichier").order_by("pk")


@transaction.atomic
def rejeter(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.REJETER, auteur, motif)
    _exiger_sans_solde(ligne, "rejetée")
    # Amounts of a first look are not those of a decision, which there will not be.
    ligne.montant_decide, ligne.calcul = None, None
    return cycle.franchir(ligne, passage, auteur, motif=motif)


@transaction.atomic
def demander_piece(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Ask the supplier for a piece; `motif` says which."""
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.DEMANDER_PIECE, auteur, motif)
    _retenir_si_possible(ligne)
    ligne.rappel_le, ligne.cloture_le = delais_de_piece()
    return cycle.franchir(ligne, passage, auteur, motif=motif)


@transaction.atomic
def demander_modification(*, demande: int, auteur: Auteur, motif: str) -> Demande:
    """Ask the supplier to correct, and set when it is reminded and when it is too late."""
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.DEMANDER_MODIFICATION, auteur, motif)
    _retenir_si_possible(ligne)
    # What was typed for another correction, and not confirmed, is not to be confirmed now by mistake.
    BrouillonDemande.objects.filter(demande=ligne).delete()
    ligne.rappel_le, ligne.cloture_le = delais(ligne)
    return cycle.franchir(ligne, passage, auteur, motif=motif)


def _retenir_si_possible(demande: Demande) -> None:
    """A first look shows amounts (REQ-043), unless what they depend on is not known yet: a count, an avance."""
    with contextlib.suppress(GesteImpossible):
        retenir(demande)


def retenir(demande: Demande, *, retenu_ht: Decimal | None = None) -> None:
    """Compute the amounts of the request, which a first instruction makes visible (REQ-043)."""
    calcul = montants.calculer(demande, retenu_ht=retenu_ht)
    demande.instruite = True
    demande.calcul = calcul.en_dict()
    demande.engagement_ht = calcul.engagement_ht
    demande.engagement = calcul.engagement
    demande.montant_decide = calcul.decide


@transaction.atomic
def passer_decidee(*, demande: Demande, auteur: Auteur, details: dict[str, Any]) -> Demande:
    """Take the status that a decision gives. Called by `paiements.services.decider`, which holds the lock.

    `details`: what the journal keeps of the decision, the account that it pays.
    """
    passage = cycle.passage(demande, GesteDemande.DECIDER, auteur)
    separation.separer(demande, Role.DECIDER, GesteDemande.DECIDER, auteur)
    exiger_montants_intacts(demande)
    demande.decide_le = calendrier.maintenant()
    return cycle.franchir(demande, passage, auteur, details=details)


def noter_paiement(*, demande: Demande, etat: EtatPaiement) -> None:
    """Repeat on the request the state of its payment, for the lists. The payment itself is in `paiements`."""
    demande.etat_paiement = etat
    demande.save(update_fields=["etat_paiement"])


@transaction.atomic
def passer_annulee(
    *, demande: Demande, auteur: Auteur, motif: str, geste: GesteDemande = GesteDemande.ANNULER
) -> Demande:
    """Cancel: the request becomes « Historisée » and a new avenant of it is « Annulée » (REQ-026, REQ-027).

    Called by what holds the lock and gives the money back: `paiements.services.annuler`, or a recovery that ends.
    """
    passage = cycle.passage(demande, geste, auteur, motif)
    _exiger_sans_solde(demande, "annulée")
    demande.etat_paiement = EtatPaiement.AUCUN
    cycle.franchir(demande, cycle.passage(demande, GesteDemande.HISTORISER, PORTAIL), PORTAIL, motif=motif)
    avenant = nouvel_avenant(demande, statut=StatutDemande.ANNULEE)
    return cycle.franchir(avenant, passage, auteur, motif=motif, touches=CONTENU)


@transaction.atomic
def passer_close(*, demande: Demande, auteur: Auteur, details: dict[str, Any]) -> Demande:
    """Decide that a solde gives nothing more. Called by `recouvrements.soldes`, which holds the lock.

    `details`: what the journal keeps of the decision.
    """
    passage = cycle.passage(demande, GesteDemande.CLORE_SANS_VERSEMENT, auteur)
    exiger_montants_intacts(demande)
    demande.decide_le = calendrier.maintenant()
    return cycle.franchir(demande, passage, auteur, details=details)


@transaction.atomic
def recalculer_le_solde(*, avance: Demande) -> None:
    """What was paid of an avance, which the caller holds, has changed: the amounts shown of its solde follow.

    The solde is held, so that it is not decided meanwhile on what was paid before; a decision compares again.
    """
    vivant = solde_vivant(avance) if avance.type is TypeDemande.AVANCE else None
    if vivant is None:
        return
    solde = cycle.verrouiller(vivant.pk)
    if not solde.instruite or solde.statut not in (*STATUTS_A_COMPLETER, StatutDemande.EN_COURS):
        return
    avant = solde.montant_decide
    _retenir_si_possible(solde)
    if solde.montant_decide != avant:
        cycle.franchir(solde, cycle.passage(solde, GesteDemande.RECALCULER, PORTAIL), PORTAIL)


# --- The supplier's side


@transaction.atomic
def ajouter_piece(
    *,
    demande: int,
    auteur: Auteur,
    nom: str,
    type_piece: str,
    fichier: Fichier,
    recu_le: datetime | None = None,
) -> PieceJustificative:
    """Add a piece while the officer waits for one; it is removable until the addition is validated.

    `recu_le`, here and below: when the portal began to receive the gesture, which the delay is judged on.
    """
    ligne = cycle.verrouiller(demande)
    exiger(auteur, GesteDepot.COMPLETER, ligne)
    instant = calendrier.instant_juge(recu_le)
    if ligne.statut in STATUTS_A_COMPLETER:
        exiger_a_temps(ligne, instant)
    else:
        raise GesteImpossible(
            "Une pièce ne peut être ajoutée que lorsqu'elle est demandée : "
            f"le statut est « {ligne.statut.libelle} »."
        )
    if ligne.pieces.filter(nom__iexact=nom).exists():
        raise GesteImpossible(
            f"La demande a déjà une pièce nommée « {nom} » : renommez le fichier avant de l'importer."
        )
    piece = PieceJustificative.objects.create(
        demande=ligne,
        nom=nom,
        type=type_piece,
        origine=PieceJustificative.Origine.COMPLEMENT,
        fichier=fichier,
        # What was asked for while it was on its way is answered by it all the same.
        depose_le=max(instant, ligne.statut_depuis),
    )
    cycle.noter_piece(ligne, pieces.JOINDRE, auteur, piece)
    return piece


@transaction.atomic
def retirer_piece(*, demande: int, auteur: Auteur, piece: int, recu_le: datetime | None = None) -> None:
    """Remove a piece added since the officer asked; older ones stay (REQ-054)."""
    ligne = cycle.verrouiller(demande)
    exiger(auteur, GesteDepot.COMPLETER, ligne)
    if ligne.statut in STATUTS_A_COMPLETER:
        exiger_a_temps(ligne, calendrier.instant_juge(recu_le))
    recentes = complements.ajoutees(ligne).filter(pk=piece)
    retiree = recentes.first() if ligne.statut in STATUTS_A_COMPLETER else None
    if retiree is None:
        raise GesteImpossible(
            "Cette pièce ne peut pas être supprimée : seule une pièce que vous venez d'ajouter, "
            "et dont l'ajout n'est pas encore validé, peut l'être."
        )
    retiree.delete()
    cycle.noter_piece(ligne, pieces.RETIRER, auteur, retiree)


@transaction.atomic
def valider_ajout(*, demande: int, auteur: Auteur, recu_le: datetime | None = None) -> Demande:
    """Send the request back to instruction once the piece asked for has been added (REQ-021)."""
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.AJOUTER_PIECE, auteur)
    instant = calendrier.instant_juge(recu_le)
    exiger_a_temps(ligne, instant)
    ajoutees = list(
        ligne.pieces.filter(depose_le__gte=ligne.statut_depuis).select_related("fichier", "demande")
    )
    if not ajoutees:
        raise GesteImpossible("Ajoutez au moins une pièce avant de valider votre ajout.")
    accuser_complement(demande=ligne, ajoutees=ajoutees, recu_le=instant)
    return cycle.franchir(ligne, passage, auteur)


@transaction.atomic
def confirmer_modification(
    *, demande: int, auteur: Auteur, declaration: Declaration, recu_le: datetime | None = None
) -> Demande:
    """Keep what the supplier corrected as a new version, and send the request back to instruction.

    The columns, the beneficiaries and the retained amounts follow the declaration. Not one second past the delay,
    whether or not the sweep that closes it has run (MOD-023).
    """
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.CONFIRMER_MODIFICATION, auteur)
    instant = calendrier.instant_juge(recu_le)
    exiger_modifiable(ligne, instant)
    _nouvelle_version(ligne, declaration.donnees, auteur, motif=ligne.commentaire)
    ligne.montant_declare, ligne.taux_tva = declaration.montant_declare, declaration.taux_tva
    ligne.beneficiaires.all().delete()
    declares = beneficiaires(ligne, declaration, ligne.format(instant).places)
    financements.remplacer(demande=ligne, beneficiaires=Beneficiaire.objects.bulk_create(declares))
    if ligne.instruite:
        _retenir_si_possible(ligne)
    BrouillonDemande.objects.filter(demande=ligne).delete()
    details = {"version": ligne.version_courante, "recu_le": instant.isoformat()}
    recepisse = attester_correction(demande=ligne, ajoutees=complements.ajoutees(ligne), recu_le=instant)
    return cycle.franchir(
        ligne,
        passage,
        auteur,
        details=details,
        recepisse=recepisse,
        touches=(VERSIONS, BENEFICIAIRES),
    )


@transaction.atomic
def arreter_comptes(
    *, demande: int, comptes: dict[str, Any], montant_declare: Decimal | None, motif: str, auteur: Auteur
) -> Demande:
    """Complete a request with what was counted for it, as a new version (MSS-009).

    `montant_declare`: what the request then asks for, euros HT; None when nothing is counted any more. Numbers that
    change are told by mail, and a validation made on the former ones falls.
    """
    ligne = cycle.verrouiller(demande)
    donnees = donnees_courantes(ligne)
    change = changements.du_compte(ligne, donnees, comptes, montant_declare)
    geste = GesteDemande.CHANGER_COMPTES if change else GesteDemande.ARRETER_COMPTES
    passage = cycle.passage(ligne, geste, auteur)
    if donnees == donnees | comptes:  # another sweep wrote them meanwhile
        return ligne
    _nouvelle_version(ligne, donnees | comptes, auteur, motif=motif)
    ligne.montant_declare = montant_declare
    if passage.vers is not passage.depuis:
        ligne.valideur_id = ligne.valide_le = None
    if ligne.instruite:
        changements.retenir_de_nouveau(ligne, retenir)
    details = {"version": ligne.version_courante} | (change.details if change else {})
    dits = change.dits(passage, motif) if change else None
    return cycle.franchir(ligne, passage, auteur, details=details, dits=dits, touches=[VERSIONS])


def _nouvelle_version(demande: Demande, donnees: dict[str, Any], auteur: Auteur, *, motif: str) -> None:
    demande.version_courante += 1
    VersionDemande.objects.create(
        demande=demande,
        rang=demande.version_courante,
        donnees=donnees,
        auteur_id=auteur.cle,
        cree_le=calendrier.maintenant(),
        motif=motif[:200],
    )


@transaction.atomic
def ne_pas_modifier(*, demande: int, auteur: Auteur) -> Demande:
    """Send the request back to instruction as it is, without what was typed or added for its correction."""
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.NE_PAS_MODIFIER, auteur)
    complements.ecarter(ligne)
    BrouillonDemande.objects.filter(demande=ligne).delete()
    return cycle.franchir(ligne, passage, auteur)


def _exiger_sans_solde(demande: Demande, faite: str) -> None:
    """An avance does not go while its solde lives on it. The avance is held: no solde comes meanwhile."""
    if demande.type is not TypeDemande.AVANCE:
        return
    if solde_vivant(demande) is not None:
        raise GesteImpossible(
            f"L'avance ne peut pas être {faite} tant que le solde de ce dossier existe : rejetez ou annulez d'abord "
            "le solde."
        )
