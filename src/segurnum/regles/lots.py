"""A gesture on many things at once: how many it was made on, and why each of the others was left as it is."""

from dataclasses import dataclass, field


@dataclass
class Bilan:
    faits: int = 0
    refus: list[str] = field(default_factory=list)
