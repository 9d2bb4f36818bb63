"""The pieces that a supplier adds while it is asked for something: its own to take back until it confirms them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from segurnum.comptes.auteurs import PORTAIL
from segurnum.demandes.cycle import noter_piece
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.journal import pieces


def ajoutees(demande: Demande) -> QuerySet[PieceJustificative]:
    """Those added since the officer asked, in the order of their arrival (MOD-015, REQ-054)."""
    return (
        demande.pieces.filter(
            origine=PieceJustificative.Origine.COMPLEMENT, depose_le__gte=demande.statut_depuis
        )
        .select_related("fichier", "demande")
        .order_by("depose_le", "pk")
    )


def ecarter(demande: Demande) -> Mapping[str, Any]:
    """Drop those that no confirmation followed: nobody instructs what its supplier did not send.

    The request is held, and not yet out of its status. Returns what the mail of the step says of them.
    """
    ecartees = list(ajoutees(demande))
    for piece in ecartees:
        piece.delete()
        noter_piece(demande, pieces.ECARTER, PORTAIL, piece)
    return {"ecartees": "\n".join(f"- {piece.nom}" for piece in ecartees)}
