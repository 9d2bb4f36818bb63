"""Which pieces an enrolment needs: a pure function of what is declared (ENR-022 to ENR-053, ENR-111)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from segurnum.regles.cycles import EnumLibelle


class TypePiece(EnumLibelle):
    CERTIFICAT = "CERTIFICAT", "Certificat de référencement"
    HDS_CERTIFICAT = "HDS_CERTIFICAT", "Certificat d'hébergement des données de santé"
    HDS_ATTESTATION = (
        "HDS_ATTESTATION",
        "Attestation sur l'honneur de non hébergement des données de santé",
    )
    KBIS = "KBIS", "kbis"
    MANDAT_EDITEUR = "MANDAT_EDITEUR", "Mandat de l'éditeur"
    IDENTITE_REPRESENTANT = "IDENTITE_REPRESENTANT", "CNI, passeport ou titre de séjour du représentant"
    IDENTITE_DEPOSITAIRE = "IDENTITE_DEPOSITAIRE", "CNI, passeport ou titre de séjour du demandeur"
    CONTRAT_PRESTATION = "CONTRAT_PRESTATION", "Contrat de prestation"
    MANDAT_SIGNATURE = "MANDAT_SIGNATURE", "Mandat de délégation de signature du représentant légal"
    RIB = "RIB", "RIB"
    NON_ASSUJETTISSEMENT = "NON_ASSUJETTISSEMENT", "Attestation de « Non-assujettissement à la TVA »"
    REGIME_TVA = "REGIME_TVA", "Justificatif du changement de régime de TVA"
    COMMANDE_OPERATEUR = "COMMANDE_OPERATEUR", "Bon de commande ou devis signé"
    AUTRE = "AUTRE", "Autre pièce demandée"


HEBERGEMENT = (TypePiece.HDS_CERTIFICAT, TypePiece.HDS_ATTESTATION)
CERTIFICATS = (TypePiece.CERTIFICAT, *HEBERGEMENT)
# Those that go with the number that is enrolled, and are right no more for another.
PIECES_DU_NUMERO = (*CERTIFICATS, TypePiece.COMMANDE_OPERATEUR, TypePiece.MANDAT_EDITEUR)
# What an officer may ask for: a change of rate has a page of its own.
DEMANDABLES = tuple(piece for piece in TypePiece if piece is not TypePiece.REGIME_TVA)
# Who may open them: `fichiers.permissions`.
IDENTITES = (TypePiece.IDENTITE_REPRESENTANT, TypePiece.IDENTITE_DEPOSITAIRE)


class QualiteTiers(Enum):
    """Who a third-party declarant is; the label is the screen's."""

    PRESTATAIRE = "Centre de gestion, expert-comptable..."
    EMPLOYE = "Employé de la personne morale"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What decides the pieces. `heberge_donnees` None: not asked (only a DPI says it)."""

    complementaire: bool
    reference_validee: bool
    est_dpi: bool
    distributeur: bool
    operateur_acheteur: bool = False
    heberge_donnees: bool | None = None
    nom_change: bool = False
    qualite: QualiteTiers | None = None
    """None when the applicant is the legal representative."""
    assujetti: bool = True
    mandat_connu: bool = True
    """Complementary: the account holder's mandate is already there for this wave (ENR-076)."""


def pieces_requises(situation: Situation) -> tuple[TypePiece, ...]:
    """Every piece that « Terminer » asks for, in the order of the screens."""
    return tuple(_referencement(situation)) + tuple(_demandeur(situation)) + tuple(_tva(situation))


def pieces_de_finalisation(situation: Situation) -> tuple[TypePiece, ...]:
    """What finishes an anticipated enrolment, all at once (ENR-088 to ENR-090)."""
    return (TypePiece.CERTIFICAT, *_hebergement(situation))


def lots(types: Sequence[TypePiece]) -> list[tuple[TypePiece, ...]]:
    """What is handed over together: any type at once, where none was named; else each by itself, and the one or the
    other of the hosting.
    """
    if len(types) == len(TypePiece):
        return [tuple(types)]
    hebergement = tuple(piece for piece in types if piece in HEBERGEMENT)
    seules = [(piece,) for piece in types if piece not in hebergement]
    return [*seules, hebergement] if hebergement else list(seules)


def manquantes(requises: Iterable[TypePiece], recues: Iterable[TypePiece]) -> tuple[TypePiece, ...]:
    connues = set(recues)
    return tuple(piece for piece in requises if piece not in connues)


def manquantes_parmi(attendues: Iterable[TypePiece], recues: Iterable[TypePiece]) -> tuple[TypePiece, ...]:
    """As `manquantes`; of the two documents of the hosting, asked together, one is enough."""
    voulues, connues = tuple(attendues), set(recues)
    if connues.intersection(HEBERGEMENT) and set(voulues).issuperset(HEBERGEMENT):
        connues.update(HEBERGEMENT)
    return manquantes(voulues, connues)


def _referencement(situation: Situation) -> Iterable[TypePiece]:
    if situation.reference_validee:
        yield TypePiece.CERTIFICAT
        yield from _hebergement(situation)
    if situation.distributeur:
        yield TypePiece.MANDAT_EDITEUR
    if situation.operateur_acheteur:
        yield TypePiece.COMMANDE_OPERATEUR


def _hebergement(situation: Situation) -> Iterable[TypePiece]:
    if situation.est_dpi:
        yield TypePiece.HDS_CERTIFICAT if situation.heberge_donnees else TypePiece.HDS_ATTESTATION


def _demandeur(situation: Situation) -> Iterable[TypePiece]:
    """Company, people and bank: known already when the enrolment is complementary (ENR-081), but for a mandate."""
    if situation.complementaire:
        if situation.qualite is not None and not situation.mandat_connu:
            yield TypePiece.MANDAT_SIGNATURE
        return
    if situation.nom_change:
        yield TypePiece.KBIS
    yield TypePiece.IDENTITE_REPRESENTANT
    if situation.qualite is not None:
        yield TypePiece.IDENTITE_DEPOSITAIRE
        yield (
            TypePiece.CONTRAT_PRESTATION
            if situation.qualite is QualiteTiers.PRESTATAIRE
            else TypePiece.MANDAT_SIGNATURE
        )
    yield TypePiece.RIB


def _tva(situation: Situation) -> Iterable[TypePiece]:
    if not situation.assujetti:
        yield TypePiece.NON_ASSUJETTISSEMENT
