"""Reading what the installation remembers of itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from segurnum.installation.models import Relecture, Temoin
from segurnum.journal.tetes import SUFFIXE, fichiers
from segurnum.regles.calendrier import maintenant

# A proof that is older than this: its night did not take place, or broke off.
UNE_NUIT = timedelta(hours=26)


def relectures() -> QuerySet[Relecture]:
    """What the nights found in the journal, the last first."""
    return Relecture.objects.order_by("-pk")


def a_manque(fait_le: datetime | None) -> bool:
    """Whether the last night did not do what was last done at this instant."""
    return fait_le is None or maintenant() - fait_le > UNE_NUIT


def vu_le(nom: Temoin.Nom) -> datetime | None:
    """The last time that it was seen; None when it never was."""
    return Temoin.objects.filter(nom=nom).values_list("instant", flat=True).first()


def est_une_demonstration() -> bool:
    """Whether the base says of itself that it holds a demonstration."""
    return Temoin.objects.filter(nom=Temoin.Nom.DEMONSTRATION).exists()


@dataclass(frozen=True)
class Nuit:
    """The heads of the journal as one night wrote them."""

    chemin: Path

    @property
    def cle(self) -> str:
        return self.chemin.name.removesuffix(SUFFIXE)

    @property
    def instant(self) -> datetime:
        return datetime.strptime(self.cle, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    @property
    def octets(self) -> int:
        return self.chemin.stat().st_size


def nuits() -> list[Nuit]:
    """The last first."""
    return [Nuit(chemin) for chemin in reversed(fichiers(settings.JOURNAL_TETES))]
