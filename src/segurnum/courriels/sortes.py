"""The kinds of mails that did not arrive, and what may be done of each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from segurnum.courriels import queries
from segurnum.courriels.models import Courriel


@dataclass(frozen=True)
class Sorte:
    """`vide`: what is said when there is none; `tri`: since when they wait."""

    cle: str
    libelle: str
    vide: str
    lignes: Callable[[], QuerySet[Courriel]]
    tri: str = "attendu_depuis"
    gestes: tuple[str, ...] = ("renvoyer", "classer")


SORTES = (
    Sorte("attente", "En attente", "Tout ce qui devait partir est parti.", queries.en_attente),
    Sorte("refuses", "Refusés", "Aucun courriel refusé par le serveur n'attend de geste.", queries.refuses),
    Sorte("revenus", "Revenus", "Aucun courriel revenu n'attend de geste.", queries.revenus),
    Sorte("retenus", "Retenus", "Aucun courriel n'est retenu.", queries.retenus, "retenu_le", ("renvoyer",)),
)
