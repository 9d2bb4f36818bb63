"""How much a couloir finances: one class for each kind of scale; the figures are dated data, loaded elsewhere."""

from segurnum.couloirs.baremes.calcules import BaremeCalcule, BoitesComptees, ForfaitEnDeuxTemps
from segurnum.couloirs.baremes.commun import (
    PART_DU_PLAFOND,
    PLAFOND,
    Assiette,
    Bareme,
    Chiffre,
    ChiffreRefuse,
    PlafondCalcule,
    Tarif,
    incomplet,
)
from segurnum.couloirs.baremes.simples import DU_BENEFICIAIRE, Forfait, ParBeneficiaire, TableEligible
from segurnum.couloirs.baremes.tranches import ParNombreDeSites, ParTranche

__all__ = [
    "DU_BENEFICIAIRE",
    "PART_DU_PLAFOND",
    "PLAFOND",
    "Assiette",
    "Bareme",
    "BaremeCalcule",
    "BoitesComptees",
    "Chiffre",
    "ChiffreRefuse",
    "Forfait",
    "ForfaitEnDeuxTemps",
    "ParBeneficiaire",
    "ParNombreDeSites",
    "ParTranche",
    "PlafondCalcule",
    "TableEligible",
    "Tarif",
    "incomplet",
]
