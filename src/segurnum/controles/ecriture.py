"""JSON out: the one writer of files for suppliers. Amounts are exact decimals, which the standard encoder lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_CENTIME = Decimal("0.01")


def ecrire_json(valeur: Any) -> str:
    """Readable JSON text (two spaces), decimals written as numbers with two figures at least."""
    return "".join(_morceaux(valeur, "\n")) + "\n"


def _morceaux(valeur: Any, saut: str) -> Iterator[str]:
    if isinstance(valeur, Decimal):
        yield _nombre(valeur)
    elif isinstance(valeur, dict) and valeur:
        yield from _suite("{", "}", saut, [(f"{_texte(cle)}: ", v) for cle, v in valeur.items()])
    elif isinstance(valeur, (list, tuple)) and valeur:
        yield from _suite("[", "]", saut, [("", v) for v in valeur])
    else:
        yield _texte(valeur)


def _suite(ouvre: str, ferme: str, saut: str, elements: list[tuple[str, Any]]) -> Iterator[str]:
    dedans = saut + "  "
    separateur = ouvre
    for prefixe, valeur in elements:
        yield f"{separateur}{dedans}{prefixe}"
        yield from _morceaux(valeur, dedans)
        separateur = ","
    yield saut + ferme


def _nombre(valeur: Decimal) -> str:
    assez_de_chiffres = valeur == 0 or -2 < valeur.adjusted() < 15
    if assez_de_chiffres and valeur == valeur.quantize(_CENTIME):
        return str(valeur.quantize(_CENTIME))
    return str(valeur)


def _texte(valeur: Any) -> str:
    return json.dumps(valeur, ensure_ascii=False)
