"""An enrolment in writing: the lines a to g of its recap and of its consultation (ENR-054, ENR-103, ENR-104)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from segurnum.enrolements import ecriture
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Enrolement, PieceEnrolement
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


@dataclass(frozen=True)
class Rubrique:
    """One accordion: pairs of label and value, or pieces."""

    lettre: str
    nom: str
    lignes: tuple[tuple[str, str], ...] = ()
    pieces: tuple[PieceEcrite, ...] = ()
    iban: IbanLu | None = None

    @property
    def titre(self) -> str:
        return f"{self.lettre} - {self.nom}"

    @property
    def id(self) -> str:
        return f"rubrique-{self.lettre}"


def piece_ecrite(piece: PieceEnrolement, offre: Offre) -> PieceEcrite:
    """A piece that was handed over, marked when an officer refused it."""
    mention = f"Refusé le {date_fr(piece.refusee_le)}" if piece.refusee_le else ""
    return PieceEcrite(TypePiece(piece.type).libelle, piece.nom, offre, mention)


def rubriques(
    declaration: Declaration | None,
    reference: Referencement,
    taux: Decimal,
    pieces: Iterable[PieceEcrite],
    iban: Callable[[str], IbanLu],
) -> tuple[Rubrique, ...]:
    """The lines that this enrolment has: a complementary one declares neither company, people nor bank."""
    lignes = [Rubrique("a", "Logiciel", ecriture.logiciel(reference, declaration))]
    if declaration is not None:
        lignes += _declarees(declaration, iban)
    lignes.append(Rubrique("f", "Taux TVA", ecriture.tva(taux)))
    lignes.append(Rubrique("g", "Pièces jointes", pieces=tuple(pieces)))
    return tuple(lignes)


def de_l_enrolement(
    enrolement: Enrolement, pieces: Iterable[PieceEcrite], iban: Callable[[str], IbanLu]
) -> tuple[Rubrique, ...]:
    """An enrolment deposited before the portal kept its declaration shows what is known of it.

    `iban`: how the reader sees the account that it declares.
    """
    declaration = Declaration.lire(enrolement.donnees) if enrolement.donnees else None
    return rubriques(declaration, enrolement.referencement, enrolement.taux_tva, pieces, iban)


def de_la_saisie(
    declaration: Declaration, reference: Referencement, pieces: Iterable[PieceEcrite]
) -> tuple[Rubrique, ...]:
    """Who is typing the account reads it whole."""
    return rubriques(declaration, reference, declaration.taux_tva, pieces, IbanLu)


def _declarees(declaration: Declaration, iban: Callable[[str], IbanLu]) -> Iterable[Rubrique]:
    if declaration.entreprise is not None:
        yield Rubrique("b", "Personne morale", ecriture.societe(declaration.entreprise))
    if declaration.representant is not None:
        yield Rubrique("c", "Représentant légal", ecriture.personne(declaration.representant))
    if declaration.depositaire is not None:
        qualite = declaration.qualite.value if declaration.qualite else ""
        yield Rubrique(
            "d", "Dépositaire", (*ecriture.personne(declaration.depositaire), ("Qualité", qualite))
        )
    if declaration.banque is not None:
        lu = iban(declaration.banque.iban)
        yield Rubrique(
            "e",
            "Coordonnées bancaires",
            ecriture.banque(declaration.banque, lu.texte),
            iban=lu,
        )
