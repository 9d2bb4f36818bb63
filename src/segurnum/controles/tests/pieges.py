"""Files made to cost much: each kind grows with `n` and with the length of its names, and says nothing sensible."""

from __future__ import annotations

import json
from collections.abc import Callable

from segurnum.controles.tests.fabrique import fichier

Piege = Callable[[int, str], str]

_VIDE = '{"lignesImport": [], '


def _suite(avant: str, elements: list[str], apres: str) -> str:
    return avant + ",".join(elements) + apres


def _lignes(n: int, contenu: dict[str, object]) -> str:
    ligne = fichier()["lignesImport"][0]
    return json.dumps({"lignesImport": [ligne | contenu] * n}, default=str)


def _longue(nom: str) -> str:
    return nom * (1 + 20_000 // len(nom))


PIEGES: dict[str, Piege] = {
    "elements": lambda n, nom: _suite('{"lignesImport": [', ["{}"] * n, "]}"),
    "valeurs": lambda n, nom: _suite('{"lignesImport": [', ["1"] * n, "]}"),
    "noms inconnus": lambda n, nom: _suite(_VIDE, [f'"{nom}{rang}": 1' for rang in range(n)], "}"),
    "noms presque justes": lambda n, nom: _suite(_VIDE, [f'"siret{rang}": 1' for rang in range(n)], "}"),
    "nom répété": lambda n, nom: _suite(_VIDE, [f'"{nom}": 1'] * (n + 1), "}"),
    "répétés sous un long nom": lambda n, nom: (
        f'{{"{_longue(nom)}": ' + _suite("{", [f'"{nom}": 1'] * n, "}") + "}"
    ),
    "longs noms emboîtés": lambda n, nom: (
        f'{{"{_longue(nom)}": ' * 18 + _suite("{", [f'"{nom}": 1'] * n, "}") + "}" * 18
    ),
    "répétition au fond": lambda n, nom: _suite("[", ["1"] * n, ', {"a": 1, "a": 2}]'),
    "listes emboîtées": lambda n, nom: _suite("[", ["[" * 18 + "]" * 18] * n, "]"),
    "imbrication": lambda n, nom: '{"a": ' * n + "1" + "}" * n,
    "texte": lambda n, nom: json.dumps({"lignesImport": nom * n}),
    "texte jamais fermé": lambda n, nom: '{"' + nom * n,
    "échappements": lambda n, nom: '{"lignesImport": "' + "\\u0000" * n + '", "x": NaN}',
    "champs longs": lambda n, nom: _lignes(
        1, dict.fromkeys(("typeAction", "numeroEditeur", "versionLogiciel"), nom * n)
    ),
    "chiffres": lambda n, nom: '{"lignesImport": [' + "9" * n + "]}",
    "exposants": lambda n, nom: _suite('{"lignesImport": [', ["1e999999"] * n, ", 1e99999999999999999999]}"),
    "constantes": lambda n, nom: _suite("[", ["NaN"] * n, "]"),
    "lignes blanches": lambda n, nom: "[" + "\n" * n + "1]",
    "une ligne": lambda n, nom: _suite(_VIDE, [f'"{nom}{rang}": 1' for rang in range(n)], "}\r\n"),
    "pièces": lambda n, nom: _lignes(3, {"piecesJustificatives": [{"nomFichier": nom}] * n}),
    "pièces vides": lambda n, nom: _lignes(3, {"piecesJustificatives": [{}] * n}),
    "bénéficiaires": lambda n, nom: _lignes(3, {"beneficiaires": {"liberal": [{nom: nom}] * n}}),
}
