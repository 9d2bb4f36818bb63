"""What waits, counted exactly at a cost that does not grow with it: the counts are kept by the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from segurnum import couloirs
from segurnum.demandes.models import Demande
from segurnum.grand_livre.compteurs import par_dsr
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.queries import enveloppes, enveloppes_de
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande


@dataclass(frozen=True)
class Ligne:
    """The requests of one couloir in one status. `somme`: what is to pay (euros); `negatives`: those without."""

    dsr: str
    libelle: str
    statut: str
    nombre: int
    ancienne: datetime
    somme: Decimal
    negatives: int


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
    def negatives(self) -> int:
        return sum(ligne.negatives for ligne in self.lignes)


def par_couloir(statut: StatutDemande) -> File:
    """The requests in this status, by couloir: one statement, whose cost does not depend on how many they are."""
    comptes = {compte.dsr: compte for compte in par_dsr(statut)}
    return File(
        tuple(
            Ligne(
                couloir.dsr,
                couloir.libelle,
                statut,
                compte.nombre,
                compte.ancienne,
                compte.somme,
                compte.negatives,
            )
            for couloir in couloirs.tous()
            if (compte := comptes.get(couloir.dsr))
        )
    )


@dataclass(frozen=True)
class Attendue:
    statut: StatutDemande
    nombre: int


def chez_le_fournisseur() -> list[Attendue]:
    """What the supplier was asked for and has not answered yet."""
    attendus = (StatutDemande.EN_ATTENTE_PIECE, StatutDemande.A_MODIFIER)
    return [Attendue(statut, par_couloir(statut).total) for statut in attendus]


@dataclass(frozen=True)
class Budget:
    """An envelope, the validated requests that would draw on it, and those that would be drawn on after it."""

    enveloppe: Enveloppe
    file: File = File(())
    relais: tuple[Enveloppe, ...] = ()

    @property
    def legende(self) -> str:
        total, reste = en_euros(self.enveloppe.montant), en_euros(self.reste)
        return f"{self.enveloppe.libelle}\u00a0: il reste {reste} sur {total}"

    @property
    def reste(self) -> Decimal:
        return self.enveloppe.reste

    @property
    def apres(self) -> Decimal:
        """What would remain if everything that waits were decided; negative when it cannot be."""
        return self.reste - self.file.somme


def budget_de(demande: Demande) -> Budget | None:
    """The envelope that a decision would draw on now; None when there is none, or nothing to decide."""
    montant = demande.montant_decide
    if demande.statut is not StatutDemande.VALIDEE or montant is None:
        return None
    valables = _valables(enveloppes_de(demande.dsr))
    suffisante = next((une for une in valables if montant <= une.reste), None)
    choisie = suffisante or next(iter(valables), None)
    return Budget(choisie) if choisie else None


@dataclass(frozen=True)
class Decisions:
    budgets: tuple[Budget, ...]
    sans_enveloppe: File
    total: int


def par_enveloppe() -> Decisions:
    """What waits for a decision, beside what remains to decide on.

    Each request is counted once: under the envelope that decisions of its couloir draw on first today.
    """
    attente = par_couloir(StatutDemande.VALIDEE)
    valables = _valables(enveloppes().order_by("rang", "pk"))
    servie = {ligne.dsr: _premiere(valables, ligne.dsr) for ligne in attente.lignes}
    return Decisions(
        budgets=tuple(_budget(enveloppe, attente, servie, valables) for enveloppe in valables),
        sans_enveloppe=File(tuple(ligne for ligne in attente.lignes if servie[ligne.dsr] is None)),
        total=attente.total,
    )


def _valables(lignes: Iterable[Enveloppe]) -> list[Enveloppe]:
    jour = jour_de_paris(maintenant())
    return [une for une in lignes if une.valable(jour)]


def _premiere(valables: Sequence[Enveloppe], dsr: str) -> Enveloppe | None:
    """The first that finances this couloir and is not empty; the first of them, if they all are."""
    siennes = [une for une in valables if dsr in une.dsr]
    return next((une for une in siennes if une.reste > 0), siennes[0] if siennes else None)


def _budget(
    enveloppe: Enveloppe,
    attente: File,
    servie: Mapping[str, Enveloppe | None],
    valables: Sequence[Enveloppe],
) -> Budget:
    lignes = tuple(ligne for ligne in attente.lignes if servie[ligne.dsr] == enveloppe)
    apres = valables[valables.index(enveloppe) + 1 :]
    relais = (une for une in apres if une.reste > 0 and any(ligne.dsr in une.dsr for ligne in lignes))
    return Budget(enveloppe, File(lignes), tuple(relais))
