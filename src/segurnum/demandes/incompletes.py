"""The requests whose pieces are still to come: received, handed over, deleted, given up to another import."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes import cycle
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.fichiers.models import Fichier
from segurnum.financements import services as financements
from segurnum.journal import pieces
from segurnum.regles.cycles import GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible


@transaction.atomic
def completer(
    *, demandes: Collection[int], auteur: Auteur, geste: GesteDemande = GesteDemande.COMPLETER
) -> list[Demande]:
    """Hand over to the officers the requests whose pieces are all there. Constant statements.

    `geste`: « Terminer », or what the portal does at the end of the delay.
    """
    lignes = cycle.verrouiller_lot(demandes)
    passages = [cycle.passage(ligne, geste, auteur) for ligne in lignes]
    manquantes = PieceJustificative.objects.filter(demande__in=lignes, fichier=None).first()
    if manquantes is not None:
        raise GesteImpossible(f"La pièce « {manquantes.nom} » est annoncée et n'est pas encore déposée.")
    cycle.franchir_lot(lignes, passages, auteur)
    financements.transmettre(lignes)
    return lignes


@transaction.atomic
def recevoir_pieces(*, recues: Mapping[int, Fichier], le: datetime, auteur: Auteur | None = None) -> int:
    """Put files on announced pieces (by key) of incomplete requests, for those that came before. Returns how many.

    Constant statements. `auteur`: who joined them one by one, which the journal tells; those of a ZIP are told by
    « Terminer », the request being its supplier's alone until then.
    """
    annoncees = PieceJustificative.objects.filter(pk__in=recues)
    tenues = cycle.verrouiller_lot(annoncees.values("demande"))
    attendent = [demande.pk for demande in tenues if demande.statut is StatutDemande.NON_COMPLETEE]
    lignes = list(annoncees.filter(demande__in=attendent))
    for piece in lignes:
        piece.fichier, piece.depose_le = recues[piece.pk], le
    PieceJustificative.objects.bulk_update(lignes, ["fichier", "depose_le"])
    par_cle = {demande.pk: demande for demande in tenues}
    if auteur:
        for piece in lignes:
            cycle.noter_piece(par_cle[piece.demande_id], pieces.JOINDRE, auteur, piece)
    return len(lignes)


@transaction.atomic
def supprimer(
    *, demandes: Collection[int], auteur: Auteur, noter: Callable[[Sequence[Demande]], object] = list
) -> int:
    """Delete incomplete avances at their supplier's wish; a solde cannot be deleted so (INC-011).

    `noter`: what is kept of them elsewhere, before they go.
    """
    lignes = cycle.verrouiller_lot(demandes)
    passages = [cycle.passage(ligne, GesteDemande.SUPPRIMER, auteur) for ligne in lignes]
    solde = next((ligne for ligne in lignes if ligne.type is TypeDemande.SOLDE), None)
    if solde is not None:
        raise GesteImpossible(
            f"La demande de solde {solde.numero} ne peut pas être supprimée : seules les avances le peuvent."
        )
    noter(lignes)
    cycle.supprimer_lot(lignes, passages, auteur)
    return len(lignes)


@transaction.atomic
def ceder_la_place(*, demande: int, auteur: Auteur, noter: Callable[[Sequence[Demande]], object]) -> Demande:
    """Delete an incomplete request that another import of the same replaces, in the transaction of that import."""
    ligne = cycle.verrouiller(demande)
    passage = cycle.passage(ligne, GesteDemande.REMPLACER, auteur)
    noter([ligne])
    cycle.supprimer_lot([ligne], [passage], auteur)
    return ligne
