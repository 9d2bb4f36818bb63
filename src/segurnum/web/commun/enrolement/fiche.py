"""An enrolment in writing, with its pieces and the account that its reader may see (ENR-054, ENR-103, ENR-104)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.phrases import rubriques
from segurnum.enrolements.pieces import TypePiece
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import date_fr
from segurnum.seuil.iban import IbanLu
from segurnum.seuil.telechargements import AUCUNE_OFFRE, Offre


@dataclass(frozen=True)
class PieceEcrite:
    """A piece: what it is, its name, where it is read if anywhere, what was said of it."""

    libelle: str
    nom: str
    offre: Offre = AUCUNE_OFFRE
    mention: str = ""


def piece_ecrite(piece: PieceEnrolement, offre: Offre) -> PieceEcrite:
    """A piece that was handed over, marked when an officer refused it."""
    mention = f"Refusé le {date_fr(piece.refusee_le)}" if piece.refusee_le else ""
    return PieceEcrite(TypePiece(piece.type).libelle, piece.nom, offre, mention)


def de_l_enrolement(
    enrolement: Enrolement, pieces: Iterable[PieceEcrite], iban: Callable[[str], IbanLu]
) -> dict[str, Any]:
    """What `commun/enrolement/rubriques.html` reads. `iban`: how the reader sees the account that it declares."""
    declaration = Declaration.lire(enrolement.donnees) if enrolement.donnees else None
    lu = iban(declaration.banque.iban) if declaration and declaration.banque else IbanLu("")
    lues = rubriques(
        declaration,
        enrolement.referencement,
        enrolement.taux_tva,
        lambda _iban: lu.texte,
        enrolement.regimes.all(),
    )
    return {"rubriques": list(lues), "pieces_ecrites": list(pieces), "iban": lu}


def de_la_saisie(
    declaration: Declaration, reference: Referencement, pieces: Iterable[PieceEcrite]
) -> dict[str, Any]:
    """Who is typing the account reads it whole."""
    lues = rubriques(declaration, reference, declaration.taux_tva, str)
    return {"rubriques": list(lues), "pieces_ecrites": list(pieces), "iban": None}
