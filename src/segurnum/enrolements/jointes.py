"""The files of an enrolment: joined to it, and removed; what comes or goes after the deposit is journalled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.fichiers.models import Fichier
from segurnum.journal.cycle import noter
from segurnum.journal.pieces import JOINDRE, RETIRER, identite


@dataclass(frozen=True)
class PieceRecue:
    """A file that passed the checks of its screen."""

    type: TypePiece
    nom: str
    fichier: Fichier


def joindre(
    enrolement: Enrolement, pieces: Sequence[PieceRecue], instant: datetime, *, confirmee: bool
) -> list[PieceEnrolement]:
    """Join them to an enrolment that the caller holds. The event of a deposit tells of all of its pieces."""
    return PieceEnrolement.objects.bulk_create(
        PieceEnrolement(
            enrolement=enrolement,
            type=piece.type,
            nom=piece.nom,
            fichier=piece.fichier,
            deposee_le=instant,
            confirmee=confirmee,
        )
        for piece in pieces
    )


def completer(
    enrolement: Enrolement, piece: PieceRecue, instant: datetime, *, auteur: Auteur
) -> PieceEnrolement:
    """Join one that was asked for: it waits for its confirmation, and the journal tells of it at once."""
    (ajoutee,) = joindre(enrolement, [piece], instant, confirmee=False)
    _noter(enrolement, JOINDRE, auteur, ajoutee)
    return ajoutee


def retirer(
    enrolement: Enrolement, choix: QuerySet[PieceEnrolement], *, auteur: Auteur
) -> list[PieceEnrolement]:
    """Remove them, each told in the journal. Returns what they were."""
    retirees = list(choix.select_related("fichier"))
    for retiree in retirees:
        retiree.delete()
        _noter(enrolement, RETIRER, auteur, retiree)
    return retirees


def _noter(enrolement: Enrolement, geste: str, auteur: Auteur, piece: PieceEnrolement) -> None:
    noter(
        enrolement,
        geste,
        auteur,
        avant=enrolement.statut,
        details=identite(
            nom=piece.nom, type_piece=piece.type, libelle=piece.type.libelle, fichier=piece.fichier
        ),
    )
