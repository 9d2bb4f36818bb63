"""What the nomenclature tells of the pieces, so that nobody types it: their names, their formats, the expected ones."""

from __future__ import annotations

from typing import Any

from segurnum.couloirs.declaration import bloc_montant
from segurnum.couloirs.formulaire import PIECES
from segurnum.couloirs.nomenclature import CODES_PIECES, EXTENSIONS, lire_nom, nom_piece
from segurnum.couloirs.vierges import pieces_proposees
from segurnum.tableurs.plan import CLE, Plan

_TYPES = {code: type_piece for type_piece, code in CODES_PIECES.items()}
_FORMATS = {extension: format_ for format_, extension in EXTENSIONS.items()}


def completer(plan: Plan, demande: dict[str, Any]) -> bool:
    """Announce the expected pieces of a request that names none, complete those that it names. True for the first."""
    numero, pieces = demande.get(CLE), demande.get(PIECES)
    if not isinstance(numero, str):
        return False
    for piece in pieces or ():
        _completer(plan, piece, numero)
    regime = (demande.get(bloc_montant(plan.type).objet) or {}).get("regimeTVA")
    if pieces or regime not in ("HT", "TTC"):
        return False
    demande[PIECES] = pieces_proposees(plan.couloir, plan.type, regime, numero)
    return True


def _completer(plan: Plan, piece: dict[str, Any], numero: str) -> None:
    nom, type_piece = piece.get("nomFichier"), piece.get("typeFichier")
    if isinstance(nom, str):
        lu = lire_nom(nom.strip())
        if type_piece is None and lu is not None and lu.code in _TYPES:
            piece["typeFichier"] = _TYPES[lu.code]
    elif isinstance(type_piece, str) and type_piece.upper() in CODES_PIECES:
        nom = nom_piece(plan.couloir.code, plan.couloir.vague, type_piece.upper(), numero)
        piece["nomFichier"] = nom
    extension = nom.rpartition(".")[2].strip().lower() if isinstance(nom, str) else ""
    if extension in _FORMATS:
        piece.setdefault("formatFichier", _FORMATS[extension])
