"""The steps of a payment: what waits for the accountant, and what is over."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from segurnum.paiements.models import Versement
from segurnum.regles.cycles import EtatPaiement, StatutDemande


@dataclass(frozen=True)
class Phase:
    """A step of payments. `attend`: somebody has something to do."""

    code: str
    libelle: str
    filtre: Q
    attend: bool = True

    @property
    def ordre(self) -> tuple[str, ...]:
        """What waits, oldest first; what is over, newest first."""
        return ("pk",) if self.attend else ("-pk",)


_REEMIS = Versement.objects.filter(decision=OuterRef("decision"), pk__gt=OuterRef("pk"))

A_METTRE = Phase("a-mettre", "À mettre en paiement", Q(etat=EtatPaiement.EN_COURS, mis_en_paiement_le=None))
A_CONSTATER = Phase(
    "a-constater", "Virements à constater", Q(etat=EtatPaiement.EN_COURS, mis_en_paiement_le__isnull=False)
)
REJETES = Phase(
    "rejetes",
    "Paiements rejetés à réémettre",
    Q(~Exists(_REEMIS), etat=EtatPaiement.REJETE, decision__demande__statut=StatutDemande.DECIDEE),
)
EFFECTUES = Phase("effectues", "Paiements effectués", Q(etat=EtatPaiement.EFFECTUE), attend=False)
PHASES = {phase.code: phase for phase in (A_METTRE, A_CONSTATER, REJETES, EFFECTUES)}


def versements_a(phase: Phase) -> QuerySet[Versement]:
    """The payments at this step, with what their list shows."""
    return (
        Versement.objects.filter(phase.filtre)
        .select_related(
            "decision__demande__entreprise", "decision__demande__dossier", "compte_bancaire", "avis"
        )
        .order_by("pk" if phase.attend else "-pk")
    )


@dataclass(frozen=True)
class Compte:
    phase: Phase
    nombre: int
    somme: Decimal
    ancienne: datetime | None


def compte(phase: Phase) -> Compte:
    """How many payments wait at this step, all of them, for how much (euros), and since which decision.

    Read from the index of this step alone, whatever was paid before.
    """
    attendent = Versement.objects.filter(phase.filtre)
    lu = attendent.aggregate(nombre=Count("pk"), somme=Sum("montant_decide"))
    ancienne = attendent.order_by("pk").values_list("decision__prise_le", flat=True).first()
    return Compte(phase, lu["nombre"], lu["somme"] or Decimal(0), ancienne)
