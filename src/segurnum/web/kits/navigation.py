"""Moving between the views of one page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Onglet:
    """A view of the page, and whether it is the one that is shown."""

    libelle: str
    adresse: str
    courant: bool
