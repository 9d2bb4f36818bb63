"""The pieces that a request announces: what the ZIP checks compare the archive with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from segurnum.couloirs.declaration import Couloir


@dataclass(frozen=True, slots=True)
class PieceAttendue:
    """One piece announced in the JSON; `index` is the request's rank in its file, from 0.

    `requise`: its absence is a mistake of the archive. One that is there already may come again, and needs not.
    `couloir`: whose nomenclature names it. `cle` is the caller's own, to find back what it asked for; `demande`, how
    sentences call the request where several are waited for.
    """

    nom: str
    format: str
    type: str
    index: int
    numero_editeur: str
    requise: bool = True
    couloir: Couloir | None = field(default=None, compare=False)
    cle: int | None = None
    demande: str = ""


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
