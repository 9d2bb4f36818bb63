"""Letters as accessible PDF: award decision and payment notice (floor 1, no Django, no network)."""

from .donnees import (
    AvisPaiement,
    DecisionAttribution,
    Destinataire,
    Emetteur,
    LigneMontant,
    Signataire,
    masquer_iban,
)
from .lettres import avis_de_paiement, decision_attribution

__all__ = [
    "AvisPaiement",
    "DecisionAttribution",
    "Destinataire",
    "Emetteur",
    "LigneMontant",
    "Signataire",
    "avis_de_paiement",
    "decision_attribution",
    "masquer_iban",
]
