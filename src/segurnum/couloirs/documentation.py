"""The published documentation of a file format, row by row, generated from the declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from segurnum.couloirs.champs import Objet, Tableau, exemple_du_champ, parcourir
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.nomenclature import CODES_PIECES, LIBELLES_PIECES, nom_piece, pieces_requises
from segurnum.couloirs.phrases import nom_du_type, regle
from segurnum.couloirs.vierges import forme
from segurnum.regles.cycles import TypeDemande


@dataclass(frozen=True, slots=True)
class LigneDocumentation:
    """One field: generic path (`lignesImport[].commande.regimeTVA`), what it is, what it asks."""

    chemin: str
    libelle: str
    type: str
    obligatoire: bool
    regle: str
    exemple: Any

    @property
    def niveau(self) -> int:
        """Depth, from 0, to indent a table."""
        return self.chemin.count(".")


@dataclass(frozen=True, slots=True)
class TypePiece:
    """One type of piece: `typeFichier`, the code in the name, and whether this type of request requires it."""

    type: str
    libelle: str
    code: str
    obligation: str
    exemple: str


def documentation(couloir: Couloir, type_demande: TypeDemande) -> list[LigneDocumentation]:
    """Every field of the file, in the file's order (JSN-032)."""
    return [
        LigneDocumentation(
            chemin=chemin,
            libelle=champ.libelle,
            type=nom_du_type(champ.type),
            obligatoire=champ.obligatoire,
            regle=regle(champ),
            exemple=None if _contient_un_objet(champ.type) else exemple_du_champ(champ),
        )
        for chemin, champ in parcourir(forme(couloir, type_demande))
    ]


def types_de_pieces(couloir: Couloir, type_demande: TypeDemande) -> list[TypePiece]:
    """The nomenclature, with what this couloir and type require."""
    return [
        TypePiece(
            type=type_piece,
            libelle=LIBELLES_PIECES[type_piece],
            code=code,
            obligation=_obligation(type_piece, type_demande),
            exemple=nom_piece(couloir.code, couloir.vague, type_piece, "00001"),
        )
        for type_piece, code in CODES_PIECES.items()
    ]


def _contient_un_objet(type_: Any) -> bool:
    while isinstance(type_, Tableau):
        type_ = type_.element
    return isinstance(type_, Objet)


def _obligation(type_piece: str, type_demande: TypeDemande) -> str:
    for groupe in pieces_requises(type_demande, "HT"):
        if type_piece in groupe:
            if type_piece == "PREUVE_HT":
                return "Obligatoire sous le régime HT"
            autres = [autre for autre in groupe if autre != type_piece]
            return f"Obligatoire, sauf si {' ou '.join(autres)} est jointe" if autres else "Obligatoire"
    return "Facultative"
