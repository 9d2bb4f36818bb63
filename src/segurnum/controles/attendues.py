"""The pieces that a request announces: what the ZIP checks compare the archive with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PieceAttendue:
    """One piece announced in the JSON; `index` is the request's rank in its file, from 0."""

    nom: str
    format: str
    type: str
    index: int
    numero_editeur: str


def pieces_attendues(demande: Mapping[str, Any], index: int = 0) -> list[PieceAttendue]:
    """The pieces announced by one request in normal form."""
    return [
        PieceAttendue(
            nom=piece["nomFichier"],
            format=piece["formatFichier"],
            type=piece["typeFichier"],
            index=index,
            numero_editeur=demande["numeroEditeur"],
        )
        for piece in demande["piecesJustificatives"]
    ]


def pieces_du_depot(demandes: Iterable[Mapping[str, Any]]) -> list[PieceAttendue]:
    """The pieces announced by every request of a file, in the file's order."""
    return [piece for index, demande in enumerate(demandes) for piece in pieces_attendues(demande, index)]
