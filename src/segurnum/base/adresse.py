"""What Django is told of the database, from its address: where it is, and how long anything may wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

MOTEUR = "segurnum.base.postgresql"
# The variable by which a process says what it is, before the settings are read.
PROGRAMME = "SEGURNUM_PROGRAMME"


class Programme(StrEnum):
    """What a process does: what it may ask of the database, and for how long, follows."""

    PAGES = "pages"
    OUVRIER = "ouvrier"
    COMMANDE = "commande"


@dataclass(frozen=True)
class Delais:
    """Seconds after which the server ends a query, the wait for a lock, a transaction where nothing happens."""

    requete: int
    verrou: int
    transaction: int

    @classmethod
    def lire(cls, texte: str) -> Self:
        """« 60/30/120 ». Raises ValueError."""
        try:
            requete, verrou, transaction = (int(partie) for partie in texte.split("/"))
        except ValueError as erreur:
            raise ValueError(
                f"trois nombres de secondes sont attendus, comme 60/30/120, pas « {texte} »"
            ) from erreur
        return cls(requete, verrou, transaction)

    def options(self) -> str:
        """What the server is told when a connection opens."""
        return " ".join(
            f"-c {nom}={secondes}s"
            for nom, secondes in (
                ("statement_timeout", self.requete),
                ("lock_timeout", self.verrou),
                ("idle_in_transaction_session_timeout", self.transaction),
            )
        )


# A machine that vanished, or whose network is cut, is known as such within seconds, whatever was being waited for.
CONNEXION = 3  # seconds, for each host of the address
_JOINDRE: dict[str, Any] = {
    "connect_timeout": CONNEXION,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}


def attente(hotes: str) -> int:
    """Seconds that a page waits for a connection before it says that the base is down: every host may be tried."""
    return CONNEXION * len(hotes.split(",")) + 2


def reglages(
    lue: Mapping[str, Any], *, programme: Programme, connexions: int, delais: Delais | None, repartiteur: bool
) -> dict[str, Any]:
    """The entry of DATABASES for an address that django-environ has read; what the address says itself is kept.

    `connexions`: how many this process may open. `repartiteur`: the address is a pooler's, by transactions.
    """
    options = _JOINDRE | {"application_name": f"segurnum-{programme}"} | lue.get("OPTIONS", {})
    if delais is not None and not repartiteur:  # a pooler refuses these words: its role bears them
        options["options"] = " ".join(filter(None, (options.get("options"), delais.options())))
    delai = attente(lue["HOST"])
    options["pool"] = {
        "min_size": 1,
        "max_size": connexions,
        "timeout": delai,
        # The pool tries again less and less often; beginning anew, it sees at once a base that is back.
        "reconnect_timeout": delai,
    }
    return {
        **lue,
        "ENGINE": MOTEUR,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,  # the pool needs short-lived Django connections
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": repartiteur,
        "OPTIONS": options,
    }
