"""What a proposal would change of the requests that are not decided: told before anybody approves it (GST-029).

What is validated keeps its amounts: the calculation was kept with it, and is not made again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from segurnum import couloirs
from segurnum.couloirs.grilles import Grille
from segurnum.demandes import montants
from segurnum.demandes.models import Demande
from segurnum.referentiel.baremes import tarifs_de
from segurnum.referentiel.grilles import grille, table_de
from segurnum.referentiel.models import Projet
from segurnum.referentiel.projets import lignes_de
from segurnum.referentiel.tables import Lignes
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage
from segurnum.regles.erreurs import GesteImpossible

NON_DECIDEES = (
    StatutDemande.NON_COMPLETEE,
    StatutDemande.EN_COURS,
    StatutDemande.EN_ATTENTE_PIECE,
    StatutDemande.A_MODIFIER,
)
MONTRES = 20
_PAR_LOT = 500


@dataclass(frozen=True)
class Effet:
    """One request: what it would be given today, and once the proposal is in force (euros, VAT included)."""

    numero: str
    avant: Decimal | None
    apres: Decimal | None

    @property
    def ecart(self) -> Decimal:
        return (self.apres or Decimal(0)) - (self.avant or Decimal(0))


@dataclass(frozen=True)
class Effets:
    """`ecart`: of all together; `montres`: the first ones. `corrections`: requests whose time to correct may change."""

    nombre: int = 0
    ecart: Decimal = Decimal(0)
    montres: tuple[Effet, ...] = ()
    corrections: int = 0
    remarques: tuple[str, ...] = ()


def effets(projet: Projet) -> Effets:
    """Raises FichierRefuse when the proposal does not read any more."""
    lues = lignes_de(projet)
    if projet.genre is GenreReglage.FENETRES:
        return Effets(corrections=sum(_a_corriger(ligne.dsr, ligne.type) for ligne in lues.values()))
    trouves = [effet for dsr in projet.dsr for effet in _du_couloir(dsr, projet.genre, lues)]
    return Effets(
        nombre=len(trouves),
        ecart=sum((effet.ecart for effet in trouves), Decimal(0)),
        montres=tuple(trouves[:MONTRES]),
        remarques=_remarques(lues) if projet.genre is GenreReglage.BAREMES else (),
    )


def _remarques(lues: Lignes[Any]) -> tuple[str, ...]:
    return tuple(
        remarque
        for (dsr, _), tarif in tarifs_de(lues).items()
        for remarque in couloirs.par_dsr(dsr).bareme.remarques(tarif.valeurs)
    )


def _a_corriger(dsr: str, type_demande: TypeDemande) -> int:
    return Demande.objects.filter(dsr=dsr, type=type_demande, statut=StatutDemande.A_MODIFIER).count()


def _du_couloir(dsr: str, genre: GenreReglage, lues: Lignes[Any]) -> Iterator[Effet]:
    couloir = couloirs.par_dsr(dsr)
    siennes = {rang: ligne for rang, ligne in lues.items() if ligne.dsr == dsr}
    debut = min(ligne.date_effet for ligne in siennes.values())
    demandes = Demande.objects.filter(
        dsr=dsr, statut__in=NON_DECIDEES, depose_le__gte=datetime.combine(debut, time(), PARIS)
    )
    actuelle = grille(couloir)
    if genre is GenreReglage.BAREMES:
        proposee = actuelle.avec(tarifs_de(siennes).values(), {})
    else:
        table = table_de(siennes.values())
        proposee = actuelle.avec((), table)
        demandes = demandes.filter(beneficiaires__identifiants__overlap=list(table)).distinct()
    yield from _differences(demandes, actuelle, proposee)


def _differences(demandes: QuerySet[Demande], actuelle: Grille, proposee: Grille) -> Iterator[Effet]:
    lues = demandes.select_related("dossier").prefetch_related("beneficiaires").order_by("pk")
    for demande in lues.iterator(chunk_size=_PAR_LOT):
        effet = Effet(demande.numero, _decide(demande, actuelle), _decide(demande, proposee))
        if effet.avant != effet.apres:
            yield effet


def _decide(demande: Demande, figures: Grille) -> Decimal | None:
    try:
        return montants.calculer(demande, figures=figures).decide
    except GesteImpossible:
        return None
