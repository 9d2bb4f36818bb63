"""What a letter says, ready to print: amounts and labels come as French text, dates as `date`.

The letters compute nothing: an amount printed here is the one that was decided or paid.
"""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Emetteur:
    """The authority that signs. No State logo: the name is data."""

    nom: str
    service: str = ""
    adresse: tuple[str, ...] = ()
    courriel: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Destinataire:
    """The company the letter is sent to."""

    denomination: str
    siret: str
    adresse: tuple[str, ...]
    attention: str = ""


@dataclass(frozen=True)
class Signataire:
    """Who signs, and in which capacity."""

    nom: str
    qualite: str


@dataclass(frozen=True)
class LigneMontant:
    """One line of the computation, in French text; `detail` is the written formula."""

    libelle: str
    detail: str
    montant: str


@dataclass(frozen=True)
class Lettre:
    """What every letter about a request says: who writes, to whom, about what."""

    emetteur: Emetteur
    destinataire: Destinataire
    signataire: Signataire
    reference: str
    lieu: str
    date: datetime.date
    numero_dossier: str
    type_demande: str
    dsr: str
    libelle_couloir: str


@dataclass(frozen=True)
class DecisionAttribution(Lettre):
    """Award decision of one request (REQ-052).

    `visas` are the legal references (« le code de la santé publique, … », printed after « Vu »), `recours`
    the paragraphs about appeal: both are settings of the administration. `motifs`: why what is retained is not what
    is declared. `annulation`: written across the letter of a decision that was cancelled. With `trop_percu`,
    `montant_decide` is the positive amount to give back and the articles are worded accordingly. `rectifie_du`: the
    day of the decision whose account this letter replaces.
    """

    lignes: tuple[LigneMontant, ...]
    montant_decide: str
    titulaire: str
    compte_masque: str
    visas: tuple[str, ...] = ()
    recours: tuple[str, ...] = ()
    trop_percu: bool = False
    rectifie_du: datetime.date | None = None
    solde: bool = False
    motifs: tuple[str, ...] = ()
    annulation: str = ""


@dataclass(frozen=True)
class BeneficiaireConteste(Lettre):
    """Letter to one supplier on a beneficiary that several requests claim; `issue` empty: the procedure opens."""

    beneficiaire: str
    depose_le: datetime.date
    echeance: datetime.date
    issue: str = ""  # « attribuee », « non_attribuee », « rejetee », « sans_objet »
    motif: str = ""
    recours: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableauEtat:
    """A table of a statement, in French text; the first column names the row, the others are figures."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class EtatGrandLivre:
    """The statement of the ledger over a month, edited on `date`."""

    emetteur: Emetteur
    titre: str
    date: datetime.date
    tableaux: tuple[TableauEtat, ...]


@dataclass(frozen=True)
class AvisPaiement(Lettre):
    """Payment notice of one request; `date_effet` is the day the transfer was carried out."""

    reference_decision: str
    versement: str
    reference_virement: str
    montant_paye: str
    date_effet: datetime.date
    titulaire: str
    compte_masque: str
    compense: str = ""  # kept on this payment to settle recovery orders


@dataclass(frozen=True)
class TitreDeRecette(Lettre):
    """Recovery order of a payment (GST-019); the administration writes the paragraphs of `reglement` and `recours`."""

    lignes: tuple[LigneMontant, ...]
    montant: str
    motif: str
    echeance: datetime.date
    total: bool
    reglement: tuple[str, ...]
    visas: tuple[str, ...] = ()
    recours: tuple[str, ...] = ()
