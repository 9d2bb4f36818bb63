"""What each couloir asks: one declaration per file, from which checks, models, documents and screens derive."""

from segurnum.couloirs.declaration import Couloir, bloc_montant
from segurnum.couloirs.erreurs import CouloirMalDeclare
from segurnum.couloirs.formats import BLOCS, Bloc, Format
from segurnum.couloirs.places import Beneficiaire, Mandataire
from segurnum.couloirs.registre import (
    CouloirInconnu,
    actualiser,
    dernier,
    par_code,
    par_dsr,
    par_fichier,
    par_formulaire,
    rubriques,
    tous,
    trouver,
)

__all__ = [
    "BLOCS",
    "Beneficiaire",
    "Bloc",
    "Couloir",
    "CouloirInconnu",
    "CouloirMalDeclare",
    "Format",
    "Mandataire",
    "actualiser",
    "bloc_montant",
    "dernier",
    "par_code",
    "par_dsr",
    "par_fichier",
    "par_formulaire",
    "rubriques",
    "tous",
    "trouver",
]
