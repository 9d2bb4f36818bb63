"""The catalogue of anomaly codes: one place where every code is declared, explained and published from.

Codes are stable strings of four digits. Families: 1xxx syntax and structure, 2xxx values and identifiers,
3xxx business rules, 4xxx pieces (40xx announced in the JSON, 41xx and above found in the ZIP), 5xxx rights,
enrolments and windows. A module declares its codes when it is imported.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from dataclasses import dataclass
from enum import StrEnum

SUCCES = "0000"
_FORME = re.compile(r"[1-5][0-9]{3}")


class Severite(StrEnum):
    """An error refuses the request (or the file); a warning lets it through."""

    ERREUR = "erreur"
    AVERTISSEMENT = "avertissement"


ERREUR = Severite.ERREUR
AVERTISSEMENT = Severite.AVERTISSEMENT


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of anomaly, as published: what it means (`explication`) and what to do (`remede`)."""

    code: str
    titre: str
    severite: Severite
    explication: str
    remede: str = ""


_CODES: dict[str, Code] = {}


def declarer(code: str, titre: str, severite: Severite | str, explication: str, remede: str = "") -> Code:
    """Register a code; ValueError when it is malformed or already taken by another meaning."""
    if not _FORME.fullmatch(code):
        raise ValueError(f"Code d'anomalie mal formé : {code!r} (quatre chiffres, le premier de 1 à 5).")
    nouveau = Code(code, titre, Severite(severite), explication, remede)
    if _CODES.setdefault(code, nouveau) != nouveau:
        raise ValueError(f"Code d'anomalie {code} déclaré deux fois.")
    return nouveau


def catalogue() -> dict[str, Code]:
    """Every code of the engine, in order, with every declaring module imported first."""
    for nom in (
        "lecture",
        "structure",
        "detection",
        "metier",
        "pieces",
        "fichiers",
        "travail",
        "codes_tableur",
    ):
        module = f"segurnum.controles.{nom}"
        if importlib.util.find_spec(module):
            _importer(module)
    return dict(sorted(_CODES.items()))


def _importer(nom: str) -> None:
    module = importlib.import_module(nom)
    for sous_module in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if sous_module.name != "tests":
            importlib.import_module(f"{nom}.{sous_module.name}")
