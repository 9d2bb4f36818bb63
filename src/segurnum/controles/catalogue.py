"""The catalogue of anomaly codes: one place where every code is declared, explained and published from.

Codes are stable strings of four digits. Families: 1xxx syntax and structure, 2xxx values and identifiers,
3xxx business rules, 4xxx pieces (40xx announced in the JSON, 41xx and above found in the ZIP), 5xxx rights,
enrolments and windows. A module declares its codes when it is imported.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import pkgutil
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any

from segurnum.regles.calendrier import jour_de_paris

SUCCES = "0000"
# First digit of a code -> what its family is about.
FAMILLES = {
    "1": "Lecture et structure du fichier",
    "2": "Valeurs et identifiants",
    "3": "Règles de gestion",
    "4": "Pièces justificatives",
    "5": "Droits, enrôlements et fenêtres de dépôt",
}
_DU_ZIP = "4100"  # from here on, codes of the archive: another report
_FORME = re.compile(r"[1-5][0-9]{3}")


class Severite(StrEnum):
    """An error refuses the request (or the file); a warning lets it through."""

    ERREUR = "erreur"
    AVERTISSEMENT = "avertissement"


ERREUR = Severite.ERREUR
AVERTISSEMENT = Severite.AVERTISSEMENT


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of anomaly, as published: what it means (`explication`) and what to do (`remede`).

    `version` grows when what is judged changes; `depuis`: the first day of the deposits that it judges (all of them
    when there is none); `reglable`: the administration may make an error of it, or a warning.
    """

    code: str
    titre: str
    severite: Severite
    explication: str
    remede: str = ""
    version: int = 1
    depuis: date | None = None
    reglable: bool = False

    def vaut(self, instant: datetime | None) -> bool:
        """True when it judges what is deposited at this instant; offline, always."""
        return self.depuis is None or instant is None or jour_de_paris(instant) >= self.depuis


_CODES: dict[str, Code] = {}


def declarer(
    code: str, titre: str, severite: Severite | str, explication: str, remede: str = "", **vie: Any
) -> Code:
    """Register a code; ValueError when it is malformed or already taken by another meaning. `vie`: the fields of
    `Code` that say since when, and how, it holds.
    """
    if not _FORME.fullmatch(code):
        raise ValueError(f"Code d'anomalie mal formé : {code!r} (quatre chiffres, le premier de 1 à 5).")
    nouveau = Code(code, titre, Severite(severite), explication, remede, **vie)
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


@lru_cache(maxsize=64)
def version_des_regles(severites: tuple[tuple[str, str], ...] = ()) -> str:
    """The name of what a JSON file is judged by: its codes, their versions, and the severities that were changed.

    The same rules have the same name everywhere; a deposit keeps that of its own.
    """
    importlib.import_module("segurnum.controles.moteur")
    importlib.import_module("segurnum.controles.metier").regles()
    reglees = dict(severites)
    dites = [
        (un.code, un.version, str(reglees.get(un.code, un.severite)), str(un.depuis or ""))
        for un in sorted(_CODES.values(), key=attrgetter("code"))
        if un.code < _DU_ZIP or un.code[0] == "5"
    ]
    return hashlib.sha256(repr(dites).encode()).hexdigest()[:10]


def _importer(nom: str) -> None:
    module = importlib.import_module(nom)
    for sous_module in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if sous_module.name != "tests":
            importlib.import_module(f"{nom}.{sous_module.name}")
