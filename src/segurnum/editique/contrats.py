"""What a supplier and its client sign: the order, the mention of the invoice, the acceptance. As PDF, or to be edited.

What is said is written once (`blocs`), and drawn by two hands: typst for the PDF, `mots` for the DOCX.
"""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum

from segurnum.regles.argent import arrondir, en_euros, en_taux
from segurnum.regles.calendrier import date_longue

from .lettres import compiler
from .mots import en_docx

# The words that the State asks for on each of them, as they are.
MENTION = "Montant pris en charge par l'Etat au titre du Ségur de la santé"
_BLANC = "………………………………"


class Modele(StrEnum):
    """What may be made."""

    COMMANDE = "COMMANDE"
    FACTURE = "FACTURE"
    VA = "VA"

    @property
    def libelle(self) -> str:
        return {
            Modele.COMMANDE: "Bon de commande",
            Modele.FACTURE: "Mention à porter sur la facture",
            Modele.VA: "Vérification d'aptitude (VA)",
        }[self]


@dataclass(frozen=True, kw_only=True)
class Contrat:
    """What a document is about. `montant_ht`: euros; `taux_tva`: a percentage, 0 for who is not liable to VAT.

    What is not known yet is empty, and left to be written by hand.
    """

    modele: Modele
    fournisseur: str
    siret: str
    logiciel: str
    numero_ans: str
    montant_ht: Decimal
    taux_tva: Decimal
    client: str = ""
    identifiant: str = ""
    reference: str = ""
    dossier: str = ""
    date: datetime.date | None = None

    @property
    def tva(self) -> Decimal:
        return arrondir(self.montant_ht * self.taux_tva / 100)

    @property
    def ttc(self) -> Decimal:
        return arrondir(self.montant_ht) + self.tva


@dataclass(frozen=True)
class Bloc:
    """A part of a document: a title, a sentence, a table (whose first row is its head), or where one signs."""

    genre: str
    texte: str = ""
    lignes: tuple[tuple[str, str], ...] = ()


def blocs(contrat: Contrat) -> tuple[Bloc, ...]:
    """All that the document says, in order."""
    return (Bloc("titre", _titre(contrat)), *_parties(contrat), *_CORPS[contrat.modele](contrat))


def _titre(contrat: Contrat) -> str:
    return f"{contrat.modele.libelle}{f' n° {contrat.reference}' if contrat.reference else ''}"


def _parties(contrat: Contrat) -> Iterator[Bloc]:
    lignes = [
        ("Élément", "Valeur"),
        ("Fournisseur", f"{contrat.fournisseur}, SIRET {contrat.siret}"),
        ("Client", contrat.client or _BLANC),
        ("Identifiant du client", contrat.identifiant or _BLANC),
        ("Logiciel", f"{contrat.logiciel}, numéro de référencement {contrat.numero_ans}"),
    ]
    if contrat.dossier:
        lignes.append(("Dossier de financement", contrat.dossier))
    lignes.append(("Date", date_longue(contrat.date) if contrat.date else _BLANC))
    yield Bloc("table", lignes=tuple(lignes))


def _montants(contrat: Contrat) -> Bloc:
    """The State's share, in the order that it asks for: excluding tax, the tax, including tax."""
    taux = f"TVA ({en_taux(contrat.taux_tva)})" if contrat.taux_tva else "TVA (fournisseur non assujetti)"
    return Bloc(
        "montants",
        lignes=(
            (MENTION, "Montant"),
            ("Montant hors taxe (HT)", en_euros(contrat.montant_ht)),
            (taux, en_euros(contrat.tva)),
            ("Montant toutes taxes comprises (TTC)", en_euros(contrat.ttc)),
        ),
    )


def _commande(contrat: Contrat) -> Iterator[Bloc]:
    yield Bloc(
        "phrase", "Le client commande la prestation Ségur suivante pour le logiciel référencé ci-dessus."
    )
    yield _montants(contrat)
    yield Bloc(
        "phrase",
        "Le client mandate le fournisseur pour demander et percevoir, en son nom, le financement de l'État. Il ne paie "
        "au fournisseur aucune somme au titre de cette prestation.",
    )
    yield from _signature("Le client")


def _facture(contrat: Contrat) -> Iterator[Bloc]:
    yield Bloc(
        "phrase", "La facture adressée au client porte, distincts de toute autre prestation, ces montants."
    )
    yield _montants(contrat)
    yield Bloc(
        "phrase", f"Reste à payer par le client au titre de cette prestation : {en_euros(Decimal(0))}."
    )


def _va(contrat: Contrat) -> Iterator[Bloc]:
    yield Bloc(
        "phrase",
        "Le client a vérifié que le logiciel est installé, qu'il rend les services commandés et que la prestation "
        "Ségur est réalisée. Il prononce la vérification d'aptitude sans réserve.",
    )
    yield _montants(contrat)
    yield from _signature("Le client")


_CORPS = {Modele.COMMANDE: _commande, Modele.FACTURE: _facture, Modele.VA: _va}


def _signature(qui: str) -> Iterator[Bloc]:
    yield Bloc("phrase", f"Fait à {_BLANC} le {_BLANC}")
    yield Bloc("signature", f"{qui} (nom, prénom, qualité et signature) : {_BLANC}")


def contrat_pdf(contrat: Contrat, jour: datetime.date) -> bytes:
    """PDF/A-2a + PDF/UA-1. `jour`: when it is made."""
    donnees = {"titre": _titre(contrat), "date": jour, "blocs": [asdict(bloc) for bloc in blocs(contrat)]}
    return compiler("contrat.typ", donnees, jour)


def contrat_docx(contrat: Contrat) -> bytes:
    """The same, to be completed in a word processor."""
    return en_docx(_titre(contrat), blocs(contrat))
