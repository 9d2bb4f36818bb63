"""The amounts panel: declared, ceiling, computation line by line, and what the officer may retain."""

from dataclasses import dataclass
from decimal import Decimal

from segurnum.demandes import montants
from segurnum.demandes.models import Demande
from segurnum.referentiel.queries import PlafondCalcule
from segurnum.regles.argent import Calcul
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible


@dataclass(frozen=True)
class Montants:
    """`maximum` (euros HT) is what is retained when the officer reduces nothing. `refus` says why there is no `calcul`.

    `fige`: the amounts are those of the validation, and are not computed again. `reductible`: the officer may retain
    less; not what the portal computes by itself.
    """

    declare: Decimal | None
    plafond: PlafondCalcule
    calcul: Calcul | None
    maximum: Decimal | None = None
    refus: str = ""
    fige: bool = False
    reductible: bool = True


def montants_de(demande: Demande, *, retenu: Decimal | None = None) -> Montants:
    """The amounts as they would be validated now with `retenu` (euros HT), or as they were."""
    plafond = montants.plafond_de(demande)
    if demande.statut_enum is not StatutDemande.EN_COURS:
        return Montants(demande.montant_declare, plafond, demande.calcul_retenu, fige=True)
    try:
        sans_reduction = montants.calculer(demande)
    except GesteImpossible as refus:
        return Montants(demande.montant_declare, plafond, None, refus=str(refus))
    if demande.couloir.par_formulaire:
        return Montants(demande.montant_declare, plafond, sans_reduction, reductible=False)
    maximum = sans_reduction.engagement_ht
    if retenu is None or retenu == maximum:
        return Montants(demande.montant_declare, plafond, sans_reduction, maximum)
    try:
        calcul = montants.calculer(demande, retenu_ht=retenu)
    except GesteImpossible as refus:
        return Montants(demande.montant_declare, plafond, None, maximum, refus=str(refus))
    return Montants(demande.montant_declare, plafond, calcul, maximum)


def retenu_utile(demande: Demande, saisi: Decimal | None) -> Decimal | None:
    """The officer's amount to hand to the service: None when it is no other than the computed one."""
    if saisi is None or demande.couloir.par_formulaire or saisi == montants.calculer(demande).engagement_ht:
        return None
    return saisi
