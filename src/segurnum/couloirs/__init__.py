"""What each couloir asks: one declaration per file, from which checks, models, documents and screens derive."""

from segurnum.couloirs.declaration import (
    BLOCS,
    Beneficiaire,
    Bloc,
    Couloir,
    IdentifiantBeneficiaire,
    Mandataire,
    bloc_montant,
)
from segurnum.couloirs.presentation import Question
from segurnum.couloirs.registre import (
    CouloirInconnu,
    actualiser,
    par_code,
    par_dsr,
    par_fichier,
    par_formulaire,
    tous,
    trouver,
)

__all__ = [
    "BLOCS",
    "Beneficiaire",
    "Bloc",
    "Couloir",
    "CouloirInconnu",
    "IdentifiantBeneficiaire",
    "Mandataire",
    "Question",
    "actualiser",
    "bloc_montant",
    "par_code",
    "par_dsr",
    "par_fichier",
    "par_formulaire",
    "tous",
    "trouver",
]
