"""The only way to write in the journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant

CHAINES_MAX = 500
_JOURNAL = 5_346_117  # any number, the same everywhere: the lock of the whole journal


@dataclass(frozen=True, kw_only=True)
class Fait:
    """What happened, before it is written down, and who did it."""

    chaine: str
    objet: str
    geste: str
    auteur: Auteur
    avant: str = ""
    apres: str = ""
    motif: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def consigner(faits: Iterable[Fait], *, instant: datetime | None = None) -> None:
    """Write facts in one statement, after whoever is writing in the same chains.

    The caller holds the transaction, and the lock of what the facts are about where it judged it.
    """
    faits = list(faits)
    instant = instant or maintenant()
    _prendre_la_suite({fait.chaine for fait in faits})
    Evenement.objects.bulk_create(
        Evenement(
            chaine=fait.chaine,
            objet=fait.objet,
            geste=fait.geste,
            role=fait.auteur.qualite,
            acteur_id=fait.auteur.cle,
            avant=fait.avant,
            apres=fait.apres,
            motif=fait.motif,
            details=_qui(fait.auteur) | dict(fait.details),
            instant=instant,
        )
        for fait in faits
    )


def _qui(auteur: Auteur) -> dict[str, str]:
    """How a person without an account is named; an account has its name, and the portal needs none."""
    return {} if auteur.cle is not None or auteur == PORTAIL else {"qui": auteur.nom}


def _prendre_la_suite(chaines: set[str]) -> None:
    """Wait for one's turn in these chains, until the end of the transaction: each event takes the rank after the last.

    Always in the same order, so that two transactions never wait for each other. Many chains at once take the whole
    journal instead, which every writer shares: the server's table of locks has an end.
    """
    with connection.cursor() as curseur:
        if len(chaines) > CHAINES_MAX:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_JOURNAL])
        elif chaines:
            curseur.execute(
                "SELECT pg_advisory_xact_lock_shared(%s) UNION ALL SELECT pg_advisory_xact_lock(cle) FROM ("
                "SELECT DISTINCT hashtextextended(chaine, %s) AS cle FROM unnest(%s::text[]) AS chaine ORDER BY cle"
                ") AS cles",
                [_JOURNAL, _JOURNAL, sorted(chaines)],
            )
