"""What the consultation screens show of a request: ticked lines and tables, read from its normal form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segurnum.couloirs.champs import ABSENT


@dataclass(frozen=True)
class Question:
    """One line or column: `chemin` inside the request (or inside a scenario row), the French label.

    `verifiee`: checked against the profiles the software was referenced with, shown in bold (REQ-056).
    """

    chemin: str
    libelle: str
    verifiee: bool = False


@dataclass(frozen=True, slots=True)
class Reponse:
    """A question and what the request answers: true is ticked, false and null are not (JSN-031, REQ-055)."""

    libelle: str
    valeur: bool | str | None
    verifiee: bool = False

    @property
    def est_coche(self) -> bool:
        """True when the box is ticked."""
        return self.valeur is True

    @property
    def est_texte(self) -> bool:
        """True for a field shown as text rather than as a box."""
        return isinstance(self.valeur, str)


@dataclass(frozen=True, slots=True)
class TableauScenario:
    """Scenario rows, one per site; a cell is a boolean (icon), a text or None."""

    colonnes: tuple[Question, ...]
    lignes: tuple[tuple[bool | str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The block « Scénario d'installation »: lines, and a table where the couloir has one row per site."""

    reponses: tuple[Reponse, ...]
    tableau: TableauScenario | None = None


def scenario(
    demande: Mapping[str, Any], questions: Iterable[Question], colonnes: tuple[Question, ...]
) -> Scenario:
    """The block of one request."""
    tableau = None
    if colonnes:
        lignes = tuple(tuple(ligne[c.chemin] for c in colonnes) for ligne in demande["scenarioInstallation"])
        tableau = TableauScenario(colonnes, lignes)
    return Scenario(reponses(demande, questions), tableau)


def reponses(demande: Mapping[str, Any], questions: Iterable[Question]) -> tuple[Reponse, ...]:
    """The answers to the questions that this type of request asks."""
    lues = ((question, _lire(demande, question.chemin.split("."))) for question in questions)
    return tuple(Reponse(q.libelle, valeur, q.verifiee) for q, valeur in lues if valeur is not ABSENT)


def _lire(valeur: Any, pas: list[str]) -> Any:
    """A value by its path; across a list, true when one element says so."""
    if isinstance(valeur, list):
        return any(_lire(element, pas) is True for element in valeur)
    if not pas or valeur is None or valeur is ABSENT:
        return valeur
    return _lire(valeur.get(pas[0], ABSENT), pas[1:])
