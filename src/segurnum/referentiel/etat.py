"""What is settled, couloir by couloir: the dates of deposit, and what amounts are computed with."""

from dataclasses import dataclass
from datetime import datetime

from segurnum import couloirs
from segurnum.couloirs import Couloir
from segurnum.referentiel.grilles import tarif_de
from segurnum.referentiel.models import Bareme, FenetreDepot
from segurnum.referentiel.queries import baremes, calendrier, nombres_de_plafonds
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande


@dataclass(frozen=True)
class FenetreReglee:
    """A couloir and a type, and their dates if they have some."""

    couloir: Couloir
    type_demande: TypeDemande
    fenetre: FenetreDepot | None

    @property
    def affichee(self) -> datetime | None:
        return self.fenetre.affichee if self.fenetre else None


def fenetres_reglees() -> list[FenetreReglee]:
    reglees = {(ligne.dsr, ligne.type): ligne for ligne in calendrier()}
    return [
        FenetreReglee(couloir, type_demande, reglees.get((couloir.dsr, type_demande)))
        for couloir in couloirs.tous()
        for type_demande in TypeDemande
    ]


@dataclass(frozen=True)
class Figures:
    """A couloir, the figures that it has had, or how many beneficiaries have a ceiling."""

    couloir: Couloir
    baremes: tuple[tuple[Bareme, list[tuple[str, str]]], ...]
    plafonds: int

    @property
    def en_vigueur(self) -> int | None:
        """The key of the set that computes today."""
        aujourdhui = jour_de_paris(maintenant())
        return max(
            (bareme for bareme, _ in self.baremes if bareme.date_effet <= aujourdhui),
            key=lambda bareme: bareme.date_effet,
            default=Bareme(),
        ).pk


def figures() -> list[Figures]:
    tous, plafonnes = baremes(), nombres_de_plafonds()
    return [
        Figures(
            couloir,
            tuple(
                (bareme, couloir.bareme.ecrire(tarif_de(bareme).valeurs))
                for bareme in tous
                if bareme.dsr == couloir.dsr
            ),
            plafonnes.get(couloir.dsr, 0),
        )
        for couloir in couloirs.tous()
    ]
