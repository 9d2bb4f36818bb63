"""What narrows a list before its table: a form that is read from the address, and travels in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from segurnum.regles.cycles import EnumLibelle

TOUS = "TOUS"


@dataclass(frozen=True)
class Critere:
    """A field of the form. With `choix`, one of these; else a text, or what `genre` says (« date »)."""

    nom: str
    libelle: str
    valeur: str = ""
    choix: Iterable[tuple[str, str]] = field(default=())
    genre: str = "search"
    longueur: int = 100


def critere_de_statut(statut: str, statuts: Iterable[EnumLibelle]) -> Critere:
    """One status among these, or all."""
    return Critere(
        "statut", "Statut", statut, [(TOUS, "Tous les statuts"), *((s.value, s.libelle) for s in statuts)]
    )
