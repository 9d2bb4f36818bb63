"""Letters as accessible PDF: award decision and payment notice (floor 1, no Django, no network)."""

from .donnees import (
    AvisPaiement,
    BeneficiaireConteste,
    DecisionAttribution,
    Destinataire,
    Emetteur,
    EtatGrandLivre,
    LigneMontant,
    Signataire,
    TableauEtat,
    TitreDeRecette,
)
from .guides import guide
from .lettres import (
    attestation_hds,
    avis_de_paiement,
    beneficiaire_conteste,
    contrat_prestation,
    decision_attribution,
    etat_grand_livre,
    exemple_pieces,
    mandat_signature,
    titre_de_recette,
)

__all__ = [
    "AvisPaiement",
    "BeneficiaireConteste",
    "DecisionAttribution",
    "Destinataire",
    "Emetteur",
    "EtatGrandLivre",
    "LigneMontant",
    "Signataire",
    "TableauEtat",
    "TitreDeRecette",
    "attestation_hds",
    "avis_de_paiement",
    "beneficiaire_conteste",
    "contrat_prestation",
    "decision_attribution",
    "etat_grand_livre",
    "exemple_pieces",
    "guide",
    "mandat_signature",
    "titre_de_recette",
]
