"""Which tests begin, and where: the last of a run are short ones, that any process may take from another."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

LONG = "long"
# Those that start programs and wait for them, those that drive a browser: two kinds that get on well side by side.
PROGRAMMES, NAVIGATEUR = "processus", "e2e"


def partager(items: "Sequence[pytest.Item]", processus: int) -> "list[pytest.Item]":
    """As many parts as processes, one after the other and of the same size: xdist hands such parts out (worksteal),
    then takes from the end of the fullest for who has nothing left. Each begins with its share of the long tests,
    module by module, so that what a module makes for its tests is made once.
    """
    courts = [item for item in items if not _est_long(item)]
    parts: list[list[pytest.Item]] = [[] for _ in range(processus)]
    for module in _modules([item for item in items if _est_long(item)]):
        _la_sienne(parts, module[0]).extend(module)
    rendus: list[pytest.Item] = []
    for rang, part in enumerate(parts):
        # What is left to give, between the parts that are left.
        taille = (len(items) - len(rendus)) // (processus - rang)
        place = max(taille - len(part), 0)
        rendus += [*part, *courts[:place]]
        del courts[:place]
    return [*rendus, *courts]


def _modules(items: "list[pytest.Item]") -> "list[list[pytest.Item]]":
    return [list(groupe) for _, groupe in groupby(items, key=lambda item: item.path)]


def _la_sienne(parts: "list[list[pytest.Item]]", item: "pytest.Item") -> "list[pytest.Item]":
    """Programs are started by every other process, browsers by those between, and the rest is for who has the least."""
    if PROGRAMMES in item.path.parts:
        parts = parts[::2]
    elif NAVIGATEUR in item.path.parts:
        parts = parts[1::2] or parts
    return min(parts, key=len)


def _est_long(item: "pytest.Item") -> bool:
    return bool({PROGRAMMES, NAVIGATEUR} & set(item.path.parts) or item.get_closest_marker(LONG))
