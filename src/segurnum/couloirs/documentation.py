"""The published documentation of a file format, row by row, generated from the declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segurnum.couloirs.champs import Champ, Objet, element, exemple_du_champ, parcourir
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.formats import Format
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
    def parents(self) -> list[str]:
        """The objects that hold it."""
        return self.chemin.split(".")[:-1]

    @property
    def nom(self) -> str:
        return self.chemin.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class TypePiece:
    """One type of piece: `typeFichier`, the code in the name, and whether this type of request requires it."""

    type: str
    libelle: str
    code: str
    obligation: str
    exemple: str


@dataclass(frozen=True, slots=True)
class VersionPubliee:
    """One version of the format of a couloir: since when, and what it changed in the one before."""

    rang: int
    depuis: datetime | None
    en_vigueur: bool
    changements: tuple[str, ...]


def versions(couloir: Couloir, instant: datetime) -> list[VersionPubliee]:
    """Every version of the format, the newest first; one of them is in force at `instant`."""
    formats = [couloir.depot.formats(type_demande) for type_demande in TypeDemande]
    en_vigueur = [couloir.format(type_demande, instant) for type_demande in TypeDemande]
    return [
        VersionPubliee(
            rang=rang,
            depuis=les_deux[0].depuis,
            en_vigueur=list(les_deux) == en_vigueur,
            changements=tuple(_changements(formats, rang)) if rang else (),
        )
        for rang, les_deux in enumerate(zip(*formats, strict=True))
    ][::-1]


def _changements(formats: list[tuple[Format, ...]], rang: int) -> Iterator[str]:
    """What a version asks otherwise than the one before, type of request by type of request."""
    for type_demande, versions_ in zip(TypeDemande, formats, strict=True):
        avant, apres = (dict(parcourir(versions_[r].forme)) for r in (rang - 1, rang))
        de = "d'avance" if type_demande is TypeDemande.AVANCE else "de solde"
        for chemin, champ in apres.items():
            if chemin not in avant:
                yield f"Fichier {de} : {chemin} ({champ.libelle}) est ajouté. {regle(champ)}".rstrip()
            elif champ.accepte_null != avant[chemin].accepte_null:
                devenu = "facultatif" if champ.accepte_null else "obligatoire"
                yield f"Fichier {de} : {chemin} ({champ.libelle}) devient {devenu}."
            elif regle(champ) != regle(avant[chemin]):
                yield f"Fichier {de} : {chemin} ({champ.libelle}) change de règle. {regle(champ)}".rstrip()
        for chemin in avant:
            if chemin not in apres:
                yield f"Fichier {de} : {chemin} n'existe plus."


def documentation(
    couloir: Couloir, type_demande: TypeDemande, instant: datetime | None = None
) -> list[LigneDocumentation]:
    """Every field of the file, in the file's order (JSN-032), in the format of `instant` (now, by default)."""
    return [
        LigneDocumentation(
            chemin=chemin,
            libelle=champ.libelle,
            type=nom_du_type(champ.type),
            obligatoire=champ.obligatoire,
            regle=regle(champ),
            exemple=_exemple(couloir, champ),
        )
        for chemin, champ in parcourir(forme(couloir, type_demande, instant))
    ]


def _exemple(couloir: Couloir, champ: Champ) -> Any:
    """The name of a file is an example of this couloir's own."""
    if isinstance(element(champ.type), Objet):
        return None
    if champ.nom == "nomFichier":
        return nom_piece(couloir.code, couloir.vague, next(iter(CODES_PIECES)), "00001")
    return exemple_du_champ(champ)


def types_de_pieces(couloir: Couloir, type_demande: TypeDemande) -> list[TypePiece]:
    """The nomenclature, with what this couloir and type require."""
    return [
        TypePiece(
            type=type_piece,
            libelle=LIBELLES_PIECES[type_piece],
            code=code,
            obligation=_obligation(couloir, type_piece, type_demande),
            exemple=nom_piece(couloir.code, couloir.vague, type_piece, "00001"),
        )
        for type_piece, code in CODES_PIECES.items()
    ]


def _obligation(couloir: Couloir, type_piece: str, type_demande: TypeDemande) -> str:
    if (type_piece,) in couloir.pieces_en_plus(type_demande):
        return f"Obligatoire tant que {couloir.pilotes} soldes de sites pilotes ne sont pas validés"
    for groupe in pieces_requises(type_demande, "HT"):
        if type_piece in groupe:
            if type_piece == "PREUVE_HT":
                return "Obligatoire sous le régime HT"
            autres = [autre for autre in groupe if autre != type_piece]
            return f"Obligatoire, sauf si {' ou '.join(autres)} est jointe" if autres else "Obligatoire"
    return "Facultative"
