"""What answers a form whose typing is kept: decided from what was read and done, before anything is shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suite:
    """The way out, which says `message`; with a `statut`, the page again, with `alerte` or the question asked once."""

    statut: int = 0
    message: str = ""
    alerte: str = ""
    question: bool = False
