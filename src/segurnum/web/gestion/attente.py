"""Counting what waits, at a cost that does not grow with what is over: each count looks at BORNE rows at most."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from segurnum import couloirs
from segurnum.demandes.queries import visibles_des_agents
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.phases import BORNE
from segurnum.paiements.queries import enveloppes
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import StatutDemande


@dataclass(frozen=True)
class Ligne:
    """The requests of one couloir in one status."""

    dsr: str
    libelle: str
    statut: str
    nombre: int
    ancienne: datetime
    somme: Decimal


@dataclass(frozen=True)
class File:
    lignes: tuple[Ligne, ...]

    @property
    def total(self) -> int:
        return sum(ligne.nombre for ligne in self.lignes)

    @property
    def somme(self) -> Decimal:
        return sum((ligne.somme for ligne in self.lignes), Decimal(0))

    @property
    def partielle(self) -> bool:
        """True when more may wait than what was counted: only the oldest were."""
        return self.total >= BORNE


def par_couloir(statut: StatutDemande) -> File:
    """The requests in this status, by couloir: one statement, that follows the index of the queue and stops there."""
    lues: dict[str, list[tuple[datetime, Decimal | None]]] = {}
    plus_anciennes = visibles_des_agents().filter(statut=statut).order_by("depose_le", "pk")
    for dsr, depose_le, montant in plus_anciennes.values_list("dsr", "depose_le", "montant_decide")[:BORNE]:
        lues.setdefault(dsr, []).append((depose_le, montant))
    return File(
        tuple(
            Ligne(
                couloir.dsr,
                couloir.libelle,
                statut,
                nombre=len(lues[couloir.dsr]),
                ancienne=lues[couloir.dsr][0][0],
                somme=sum((montant or Decimal(0) for _, montant in lues[couloir.dsr]), Decimal(0)),
            )
            for couloir in couloirs.tous()
            if couloir.dsr in lues
        )
    )


@dataclass(frozen=True)
class Attendue:
    statut: StatutDemande
    nombre: int
    partielle: bool


def chez_le_fournisseur() -> list[Attendue]:
    """What the supplier was asked for and has not answered yet."""
    files = {s: par_couloir(s) for s in (StatutDemande.EN_ATTENTE_PIECE, StatutDemande.A_MODIFIER)}
    return [Attendue(statut, file.total, file.partielle) for statut, file in files.items()]


@dataclass(frozen=True)
class Budget:
    """An envelope, and the validated requests that would draw on it."""

    enveloppe: Enveloppe
    file: File = File(())

    @property
    def legende(self) -> str:
        total, reste = en_euros(self.enveloppe.montant), en_euros(self.reste)
        return f"{self.enveloppe.libelle}\u00a0: il reste {reste} sur {total}"

    @property
    def reste(self) -> Decimal:
        return self.enveloppe.montant - self.enveloppe.decide

    @property
    def apres(self) -> Decimal:
        """What would remain if everything that waits were decided; negative when it cannot be."""
        return self.reste - self.file.somme


@dataclass(frozen=True)
class Decisions:
    budgets: tuple[Budget, ...]
    sans_enveloppe: File
    total: int
    partielle: bool


def par_enveloppe() -> Decisions:
    """What waits for a decision, beside what remains to decide on."""
    attente = par_couloir(StatutDemande.VALIDEE)
    toutes = list(enveloppes())
    financees = {dsr for enveloppe in toutes for dsr in enveloppe.dsr}
    return Decisions(
        budgets=tuple(
            Budget(enveloppe, File(tuple(ligne for ligne in attente.lignes if ligne.dsr in enveloppe.dsr)))
            for enveloppe in toutes
        ),
        sans_enveloppe=File(tuple(ligne for ligne in attente.lignes if ligne.dsr not in financees)),
        total=attente.total,
        partielle=attente.partielle,
    )
