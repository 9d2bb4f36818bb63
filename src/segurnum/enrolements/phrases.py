"""An enrolment in the words of the screens, for both faces: the lines of its recap and of its consultation."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from segurnum.coordonnees.personnes import CHAMPS, LIBELLES, Personne, valeur_montree
from segurnum.enrolements.declaration import Declaration, PersonneMorale
from segurnum.enrolements.models import RegimeTVA
from segurnum.referentiel.models import Referencement
from segurnum.regles.argent import en_taux
from segurnum.regles.calendrier import date_fr

Lignes = tuple[tuple[str, str], ...]
# What « Terminer » has the person read, word for word (ENR-055 to ENR-058).
ARTICLE_441_7 = (
    "Je suis informé(e) des dispositions de l'article 441-7 du code pénal qui prévoit [...] qu'« est puni d'un an "
    "d'emprisonnement et de 15000 euros d'amende le fait : 1° D'établir une attestation ou un certificat faisant état "
    "de faits matériellement inexacts ; 2° De falsifier une attestation ou un certificat originellement sincère ; 3° "
    "De faire usage d'une attestation ou d'un certificat inexact ou falsifié. Les peines sont portées à trois ans "
    "d'emprisonnement et à 45 000 euros d'amende lorsque l'infraction est commise en vue de porter préjudice au Trésor "
    "public ou au patrimoine d'autrui »."
)
HORS_TVA = "Non assujetti à la TVA (régime HT)"


@dataclass(frozen=True)
class Rubrique:
    """One of the lines a to g: what is in writing under it (ENR-054, ENR-103, ENR-104)."""

    lettre: str
    nom: str
    lignes: Lignes = ()

    @property
    def titre(self) -> str:
        return f"{self.lettre} - {self.nom}"

    @property
    def id(self) -> str:
        return f"rubrique-{self.lettre}"


def rubriques(
    declaration: Declaration | None,
    reference: Referencement,
    taux: Decimal,
    iban: Callable[[str], str],
    regimes: Iterable[RegimeTVA] = (),
) -> Iterator[Rubrique]:
    """Those that this enrolment has: a complementary one declares neither company, people nor bank; one deposited
    before the portal kept its declaration shows what is known of it. `iban`: how the reader sees the account.
    """
    yield Rubrique("a", "Logiciel", _logiciel(reference, declaration))
    if declaration is not None:
        yield from _declarees(declaration, iban)
    suivants = ((f"À partir du {date_fr(regime.date_effet)}", _taux(regime.taux_tva)) for regime in regimes)
    yield Rubrique("f", "Taux TVA", (("Taux de TVA", _taux(taux)), *suivants))
    yield Rubrique("g", "Pièces jointes")


def _taux(taux: Decimal) -> str:
    return en_taux(taux) if taux else HORS_TVA


def _declarees(declaration: Declaration, iban: Callable[[str], str]) -> Iterator[Rubrique]:
    if declaration.entreprise is not None:
        yield Rubrique("b", "Personne morale", _societe(declaration.entreprise))
    if declaration.representant is not None:
        yield Rubrique("c", "Représentant légal", _personne(declaration.representant))
    if declaration.depositaire is not None:
        qualite = declaration.qualite.value if declaration.qualite else ""
        yield Rubrique("d", "Dépositaire", (*_personne(declaration.depositaire), ("Qualité", qualite)))
    if declaration.banque is not None:
        banque = declaration.banque
        lignes = (
            ("IBAN", iban(banque.iban)),
            ("BIC", banque.bic),
            ("Titulaire", banque.titulaire),
            ("Domiciliation", banque.domiciliation),
        )
        yield Rubrique("e", "Coordonnées bancaires", lignes)


def _logiciel(reference: Referencement, declaration: Declaration | None) -> Lignes:
    lignes = (
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("Nom du logiciel", reference.logiciel),
        ("Version du logiciel", reference.version),
        ("DSR concerné", reference.libelle_dsr),
        ("Profil référencé", ", ".join(reference.profils) or "Aucun"),
        (
            "Date de prise d'effet",
            date_fr(reference.date_effet) if reference.date_effet else "Non renseignée",
        ),
    )
    if declaration is None or declaration.heberge_donnees is None:
        return lignes
    return (*lignes, ("Hébergement de données de santé", "Oui" if declaration.heberge_donnees else "Non"))


def _societe(morale: PersonneMorale) -> Lignes:
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


def _personne(personne: Personne) -> Lignes:
    return tuple((LIBELLES[champ], valeur_montree(personne, champ)) for champ in CHAMPS)
