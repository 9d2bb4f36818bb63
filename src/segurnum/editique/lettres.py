"""Compile the letters with typst: tagged PDF (PDF/UA-1) for archiving (PDF/A-2a), same data -> same bytes."""

import json
import unicodedata
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from segurnum.regles.calendrier import date_longue

from .donnees import AvisPaiement, BeneficiaireConteste, DecisionAttribution, EtatGrandLivre, TitreDeRecette

_ICI = Path(__file__).parent
_GABARITS = _ICI / "gabarits"
_POLICES = _ICI / "polices"
_NORMES: list[Any] = ["a-2a", "ua-1"]

# What the vendored font draws. PDF/A forbids missing glyphs, and a decision must not fail because a company's
# name holds an emoji: anything else is printed as a white square.
_PLAGES_LISIBLES = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x148), (0x14A, 0x17F), (0x218, 0x21B), (0x391, 0x3A1), (0x3A3, 0x3CE),
    (0x400, 0x45F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2116),
    (0x2122, 0x2122), (0x2212, 0x2212), (0x25A1, 0x25A1),
)  # fmt: skip
_ILLISIBLE = "□"


def decision_attribution(donnees: DecisionAttribution) -> bytes:
    """The award decision (REQ-052) as PDF/A-2a + PDF/UA-1."""
    return compiler("decision_attribution.typ", asdict(donnees), donnees.date)


def avis_de_paiement(donnees: AvisPaiement) -> bytes:
    """The payment notice as PDF/A-2a + PDF/UA-1."""
    return compiler("avis_de_paiement.typ", asdict(donnees), donnees.date)


def titre_de_recette(donnees: TitreDeRecette) -> bytes:
    """The recovery order (GST-019) as PDF/A-2a + PDF/UA-1."""
    return compiler("titre_de_recette.typ", asdict(donnees), donnees.date)


def beneficiaire_conteste(donnees: BeneficiaireConteste) -> bytes:
    """The letter on a contested beneficiary as PDF/A-2a + PDF/UA-1."""
    return compiler("beneficiaire_conteste.typ", asdict(donnees), donnees.date)


def etat_grand_livre(donnees: EtatGrandLivre) -> bytes:
    """The monthly statement of the ledger as PDF/A-2a + PDF/UA-1."""
    return compiler("etat_grand_livre.typ", asdict(donnees), donnees.date)


def attestation_hds() -> bytes:
    """The blank sworn statement on the hosting of health data (PUB-045), always the same octets."""
    return compiler("attestation_hds.typ", {}, date(2024, 6, 1))


def contrat_prestation() -> bytes:
    """The blank contract by which a company lets somebody else's people sign for it (ENR-048)."""
    return compiler("contrat_prestation.typ", {}, date(2024, 6, 1))


def mandat_signature() -> bytes:
    """The blank mandate by which a legal representative lets an employee sign (ENR-048)."""
    return compiler("mandat_signature.typ", {}, date(2024, 6, 1))


def exemple_pieces() -> bytes:
    """What an order, an installation and an acceptance may look like (PUB-044)."""
    return compiler("exemple_pieces.typ", {}, date(2024, 6, 1))


def compiler(gabarit: str, donnees: dict[str, Any], jour: date) -> bytes:
    """The PDF that a template of `gabarits` makes of these data."""
    pdf: bytes = typst.compile(
        str(_GABARITS / gabarit),
        root=str(_GABARITS),
        font_paths=[str(_POLICES)],
        ignore_system_fonts=True,
        # As JSON text, the data are values for the template: typst never reads them as markup.
        sys_inputs={"donnees": json.dumps(_imprimable(donnees), ensure_ascii=False)},
        pdf_standards=_NORMES,
        timestamp=datetime.combine(jour, time(), UTC),
    )
    return pdf


def _imprimable(valeur: Any) -> Any:
    """The data as JSON values: dates written out in French, texts limited to what the font can draw."""
    if isinstance(valeur, dict):
        return {cle: _imprimable(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_imprimable(v) for v in valeur]
    if isinstance(valeur, date):
        return {"texte": date_longue(valeur), "annee": valeur.year, "mois": valeur.month, "jour": valeur.day}
    return _lisible(valeur) if isinstance(valeur, str) else valeur


def _lisible(texte: str) -> str:
    compose = unicodedata.normalize("NFC", texte)
    en_ligne = "".join(" " if c.isspace() and ord(c) < 0xA0 else c for c in compose)
    return "".join(c if _est_lisible(c) else _ILLISIBLE for c in en_ligne)


def _est_lisible(caractere: str) -> bool:
    return any(debut <= ord(caractere) <= fin for debut, fin in _PLAGES_LISIBLES)
