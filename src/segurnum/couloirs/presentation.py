"""What a couloir asks the consultation screens to show of a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One line or column: `chemin` inside the request (or inside a scenario row), the French label.

    `verifiee`: checked against the profiles the software was referenced with, shown in bold (REQ-056).
    """

    chemin: str
    libelle: str
    verifiee: bool = False
