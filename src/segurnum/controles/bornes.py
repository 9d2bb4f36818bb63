"""How much a report may weigh, whatever was checked: beyond, the first findings only, and a sentence that says so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

RAPPORT_MAX = 3 * 1_048_576  # octets, as compact JSON


class Ecrit(Protocol):
    """Something of a report, as JSON values."""

    def en_dict(self) -> dict[str, Any]: ...


E = TypeVar("E", bound=Ecrit)


def premiers(elements: Iterable[E], octets: int = RAPPORT_MAX) -> list[E]:
    """The first elements, as many as `octets` hold."""
    retenus: list[E] = []
    for element in elements:
        octets -= len(json.dumps(element.en_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if octets < 0:
            break
        retenus.append(element)
    return retenus
