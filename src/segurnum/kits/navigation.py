"""Moving between the views of one page."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Onglet:
    """A view of the page, and whether it is the one that is shown."""

    libelle: str
    adresse: str
    courant: bool


def vers(route: str, *noms: str) -> Callable[[Any], str]:
    """The address of a row: the route, and what names the row there, its key if nothing is said."""
    lire = [attrgetter(nom) for nom in noms or ("pk",)]
    return lambda ligne: reverse(route, args=[lu(ligne) for lu in lire])
