"""An enrolment in writing: the lines a to g of its recap and of its consultation (ENR-054, ENR-103, ENR-104)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from segurnum.coordonnees.personnes import Personne
from segurnum.enrolements.declaration import Declaration, PersonneMorale
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.referentiel.models import Referencement
from segurnum.regles.argent import en_taux
from segurnum.regles.calendrier import date_fr
from segurnum.regles.identifiants import ecrire_telephone
from segurnum.seuil.iban import IbanLu
from segurnum.seuil.telechargements import AUCUNE_OFFRE, Offre

HORS_TVA = "Non assujetti à la TVA (régime HT)"


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
    regimes: tuple[tuple[str, str], ...] = (),
) -> tuple[Rubrique, ...]:
    """The lines that this enrolment has: a complementary one declares neither company, people nor bank."""
    lignes = [Rubrique("a", "Logiciel", _logiciel(reference, declaration))]
    if declaration is not None:
        lignes += _declarees(declaration, iban)
    lignes.append(Rubrique("f", "Taux TVA", (("Taux de TVA", _taux(taux)), *regimes)))
    lignes.append(Rubrique("g", "Pièces jointes", pieces=tuple(pieces)))
    return tuple(lignes)


def _taux(taux: Decimal) -> str:
    return en_taux(taux) if taux else HORS_TVA


def de_l_enrolement(
    enrolement: Enrolement, pieces: Iterable[PieceEcrite], iban: Callable[[str], IbanLu]
) -> tuple[Rubrique, ...]:
    """An enrolment deposited before the portal kept its declaration shows what is known of it.

    `iban`: how the reader sees the account that it declares.
    """
    declaration = Declaration.lire(enrolement.donnees) if enrolement.donnees else None
    return rubriques(
        declaration,
        enrolement.referencement,
        enrolement.taux_tva,
        pieces,
        iban,
        tuple(
            (f"À partir du {date_fr(regime.date_effet)}", _taux(regime.taux_tva))
            for regime in enrolement.regimes.all()
        ),
    )


def de_la_saisie(
    declaration: Declaration, reference: Referencement, pieces: Iterable[PieceEcrite]
) -> tuple[Rubrique, ...]:
    """Who is typing the account reads it whole."""
    return rubriques(declaration, reference, declaration.taux_tva, pieces, IbanLu)


def _declarees(declaration: Declaration, iban: Callable[[str], IbanLu]) -> Iterable[Rubrique]:
    if declaration.entreprise is not None:
        yield Rubrique("b", "Personne morale", _societe(declaration.entreprise))
    if declaration.representant is not None:
        yield Rubrique("c", "Représentant légal", _personne(declaration.representant))
    if declaration.depositaire is not None:
        qualite = declaration.qualite.value if declaration.qualite else ""
        yield Rubrique("d", "Dépositaire", (*_personne(declaration.depositaire), ("Qualité", qualite)))
    if declaration.banque is not None:
        banque = declaration.banque
        lu = iban(banque.iban)
        yield Rubrique(
            "e",
            "Coordonnées bancaires",
            (
                ("IBAN", lu.texte),
                ("BIC", banque.bic),
                ("Titulaire", banque.titulaire),
                ("Domiciliation", banque.domiciliation),
            ),
            iban=lu,
        )


def _logiciel(reference: Referencement, declaration: Declaration | None) -> tuple[tuple[str, str], ...]:
    effet = date_fr(reference.date_effet) if reference.date_effet else "Non renseignée"
    lignes = [
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("Nom du logiciel", reference.logiciel),
        ("Version du logiciel", reference.version),
        ("DSR concerné", reference.libelle_dsr),
        ("Profil référencé", ", ".join(reference.profils) or "Aucun"),
        ("Date de prise d'effet", effet),
    ]
    if declaration is not None and declaration.heberge_donnees is not None:
        lignes.append(("Hébergement de données de santé", "Oui" if declaration.heberge_donnees else "Non"))
    return tuple(lignes)


def _societe(morale: PersonneMorale) -> tuple[tuple[str, str], ...]:
    lignes = (
        ("SIRET", morale.siret),
        ("Dénomination sociale", morale.denomination),
        ("Nom commercial", morale.nom_commercial),
        ("Identité du destinataire / service", morale.destinataire),
        ("Entrée / Bât / Immeuble", morale.batiment),
        ("Adresse", morale.adresse),
        ("Code postal", morale.code_postal),
        ("Commune", morale.commune),
    )
    return tuple((libelle, valeur) for libelle, valeur in lignes if valeur)


def _personne(personne: Personne) -> tuple[tuple[str, str], ...]:
    return (
        ("Nom", personne.nom),
        ("Prénom", personne.prenom),
        ("Email", personne.courriel),
        ("Téléphone", ecrire_telephone(personne.telephone)),
    )
