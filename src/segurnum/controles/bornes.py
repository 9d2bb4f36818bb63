"""How much a report may weigh, whatever was checked: beyond, the first findings only, and a sentence that says so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

OCTETS_D_UN_SIGNE = 6  # at most, as JSON writes it
OCTETS_DES_NOMS = 600  # of the fields around the texts of an element, at most
RAPPORT_MAX = 3 * 1_048_576  # octets, as compact JSON


class Ecrit(Protocol):
    """Something of a report, as JSON values. `poids_au_plus`: octets that they cannot exceed, known without writing."""

    @property
    def poids_au_plus(self) -> int: ...

    def en_dict(self) -> dict[str, Any]: ...


E = TypeVar("E", bound=Ecrit)


def premiers(elements: Iterable[E], octets: int = RAPPORT_MAX) -> list[E]:
    """The first elements, as many as `octets` hold; weighed one by one only when all might not."""
    tous = list(elements)
    if sum(element.poids_au_plus for element in tous) <= octets:
        return tous
    retenus: list[E] = []
    for element in tous:
        octets -= len(json.dumps(element.en_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if octets < 0:
            break
        retenus.append(element)
    return retenus
