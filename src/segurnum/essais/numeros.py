"""The numbers of the requirements, by group. What each one asks is said by the tests that carry it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Group -> number of rows, numbered from 001.
GROUPES = {
    "PUB": 48,
    "ENR": 115,
    "FRM": 30,
    "JSN": 55,
    "REQ": 70,
    "MOD": 30,
    "MSS": 29,
    "INC": 14,
    "EXP": 18,
    "ACC": 13,
    "GST": 34,
    "RUL": 30,
    "XCT": 15,
}
TOUS = frozenset(f"{groupe}-{rang:03}" for groupe, nombre in GROUPES.items() for rang in range(1, nombre + 1))


def de(item: "pytest.Item") -> set[str]:
    """Every number that the test carries, by itself, its class or its module."""
    return {str(numero) for marque in item.iter_markers("exigence") for numero in marque.args}
