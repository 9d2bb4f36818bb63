"""The amounts panel: declared, ceiling, computation line by line, and what the officer may retain."""

from dataclasses import dataclass, replace
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
    commun = Montants(demande.montant_declare, plafond, None, reductible=not demande.couloir.par_formulaire)
    if demande.statut is not StatutDemande.EN_COURS:
        return replace(commun, calcul=demande.calcul_retenu, fige=True)
    try:
        sans_reduction = montants.calculer(demande)
    except GesteImpossible as refus:
        return replace(commun, refus=str(refus))
    maximum = sans_reduction.engagement_ht if commun.reductible else None
    if not commun.reductible or retenu is None or retenu == maximum:
        return replace(commun, calcul=sans_reduction, maximum=maximum)
    try:
        calcul = montants.calculer(demande, retenu_ht=retenu)
    except GesteImpossible as refus:
        return replace(commun, maximum=maximum, refus=str(refus))
    return replace(commun, calcul=calcul, maximum=maximum)


def retenu_utile(demande: Demande, saisi: Decimal | None) -> Decimal | None:
    """The officer's amount to hand to the service: None when it is no other than the computed one."""
    if saisi is None or demande.couloir.par_formulaire or saisi == montants.calculer(demande).engagement_ht:
        return None
    return saisi
