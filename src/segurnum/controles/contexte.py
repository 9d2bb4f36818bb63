"""What the engine may know of the outside world. None means unknown: the rule is then not evaluated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from segurnum.controles.catalogue import Severite
from segurnum.couloirs.grilles import Tarifs
from segurnum.regles.calendrier import Fenetre
from segurnum.regles.cycles import StatutDemande, TypeDemande

# The tariffs of a couloir, and the rows of its table by identifier where it has one.
Chiffres = tuple[Tarifs, Mapping[str, Tarifs]]


@dataclass(frozen=True, slots=True)
class AvanceConnue:
    """What the portal knows of an advance that a balance refers to; `declare_ht` in euros, excluding tax."""

    numero: str
    numero_ans: str
    declare_ht: Decimal
    statut: StatutDemande
    beneficiaires: frozenset[str]
    solde_existant: str | None = None


@dataclass(frozen=True, slots=True)
class DejaDemande:
    """A living request claims this beneficiary. `par`: the end of a French sentence, « par votre demande… ».

    `concurrent`: another supplier's, that nobody has validated: whose the beneficiary is remains to be seen.
    """

    par: str
    concurrent: bool = False


@dataclass(frozen=True, slots=True)
class Contexte:
    """Everything is optional: offline the context is empty and the report lists what was not evaluated.

    `taux_tva` is a percentage. `corrige_le`: when a request deposited at `instant` is corrected. `pilotes`: how many
    soldes of pilot sites of this software are validated. `commandes_jusqu_au`: last day of the window of the advances;
    `reference_le`: day the software was referenced. `chiffres` gives the tariffs of the couloir, and the rows of its
    table for these identifiers. `beneficiaires_finances` gives what is known of the identifiers already financed or
    requested. `avances` is keyed by dossier number without suffix. `repertoires`
    gives why a directory does not know « FINESS 990000010 », as the end of a sentence. Each is called once per file.
    `severites`: those that the administration changed, by code.
    """

    dsr: str | None = None
    type: TypeDemande | None = None
    numero_ans: str | None = None
    siret: str | None = None
    taux_tva: Decimal | None = None
    instant: datetime | None = None
    corrige_le: datetime | None = None
    fenetre: Fenetre | None = None
    enrolement_valide: bool | None = None
    profils: frozenset[str] | None = None
    pilotes: int | None = None
    beneficiaires_finances: Callable[[Collection[str]], Mapping[str, DejaDemande]] | None = None
    avances: Callable[[Collection[str]], Mapping[str, AvanceConnue]] | None = None
    commandes_jusqu_au: date | None = None
    reference_le: date | None = None
    chiffres: Callable[[Collection[str]], Chiffres] | None = None
    severites: Mapping[str, Severite] | None = None
    repertoires: Callable[[Collection[str]], Mapping[str, str]] | None = None
