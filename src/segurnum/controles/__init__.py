"""The check engine: bytes in, report out. No Django, no network; what it knows of the portal is a `Contexte`.

The ZIP half needs PDF and image libraries: it is imported when first asked for, so that checking a JSON
file stays quick to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segurnum.controles.attendues import PieceAttendue, pieces_attendues, pieces_du_depot
from segurnum.controles.catalogue import Code, Severite, catalogue
from segurnum.controles.contexte import AvanceConnue, Contexte, DejaDemande
from segurnum.controles.correction import Changement, Correction, corriger
from segurnum.controles.moteur import verifier
from segurnum.controles.rapport import Anomalie, Rapport
from segurnum.controles.sortie import sortie

if TYPE_CHECKING:
    from segurnum.controles.fichiers import RegleFichier, verifier_fichier
    from segurnum.controles.pieces import verifier_pieces
    from segurnum.controles.rapport_pieces import LignePiece, RapportPieces

_A_LA_DEMANDE = {
    "RegleFichier": "fichiers",
    "verifier_fichier": "fichiers",
    "LignePiece": "rapport_pieces",
    "RapportPieces": "rapport_pieces",
    "verifier_pieces": "pieces",
}

__all__ = [
    "Anomalie",
    "AvanceConnue",
    "Changement",
    "Code",
    "Contexte",
    "Correction",
    "DejaDemande",
    "LignePiece",
    "PieceAttendue",
    "Rapport",
    "RapportPieces",
    "RegleFichier",
    "Severite",
    "catalogue",
    "corriger",
    "pieces_attendues",
    "pieces_du_depot",
    "sortie",
    "verifier",
    "verifier_fichier",
    "verifier_pieces",
]


def __getattr__(nom: str) -> Any:
    module = _A_LA_DEMANDE.get(nom)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {nom!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{module}"), nom)
