"""The only way to write in the journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant


@dataclass(frozen=True, kw_only=True)
class Fait:
    """What happened, before it is written down. `acteur` is a user's key, None for the portal itself."""

    chaine: str
    objet: str
    geste: str
    role: str
    acteur: int | None = None
    avant: str = ""
    apres: str = ""
    motif: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def consigner(faits: Iterable[Fait], *, instant: datetime | None = None) -> None:
    """Write facts in one statement. The caller holds the lock of what they are about and the transaction."""
    instant = instant or maintenant()
    Evenement.objects.bulk_create(
        Evenement(
            chaine=fait.chaine,
            objet=fait.objet,
            geste=fait.geste,
            role=fait.role,
            acteur_id=fait.acteur,
            avant=fait.avant,
            apres=fait.apres,
            motif=fait.motif,
            details=dict(fait.details),
            instant=instant,
        )
        for fait in faits
    )
