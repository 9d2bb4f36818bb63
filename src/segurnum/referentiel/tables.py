"""Lines that settle something – of a file, or of a form that writes one –: read all, or refused line by line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Generic, Protocol, TypeVar

from segurnum import couloirs
from segurnum.controles.problemes import en_nombre, lisible, nombre_fr
from segurnum.controles.refus import Fautes, FichierRefuse
from segurnum.couloirs import Couloir
from segurnum.isolement.tables import lignes_de_la_table, lignes_du_classeur
from segurnum.regles.erreurs import RefusMetier

CELLULE_MAX = 200
MAXIMUM = Decimal(10) ** 10
_ORNEMENTS = str.maketrans(dict.fromkeys("\u202f\xa0 €") | {",": "."})


class Ligne(Protocol):
    @property
    def dsr(self) -> str: ...

    @property
    def cle(self) -> tuple[object, ...]:
        """What no two lines may share."""
        ...


L = TypeVar("L", bound=Ligne)
Lignes = Mapping[int, L]


@dataclass(frozen=True)
class Table(Generic[L]):
    """`ligne` reads the cells of one line, and raises ValueError or RefusMetier with a French sentence.

    `ensemble` compares the lines with each other and with what is there. `une`: « ce plafond est déjà… ».
    `titres` and `decrire`: a line as screens show it, its figures with their units.
    """

    colonnes: tuple[str, ...]
    ligne: Callable[[Sequence[str]], L]
    ensemble: Callable[[Lignes[L], Fautes], None]
    une: str
    titres: tuple[str, ...]
    decrire: Callable[[L], tuple[str, ...]]
    lignes_max: int = 50_000

    def lire(self, cellules: Iterable[tuple[int, Sequence[str]]]) -> dict[int, L]:
        """The lines by their rank. Raises FichierRefuse, every line at fault counted."""
        lues: dict[int, L] = {}
        rangs: dict[tuple[object, ...], int] = {}
        fautes = Fautes()
        for rang, brute in cellules:
            try:
                ligne = self._ligne(brute)
                if (autre := rangs.setdefault(ligne.cle, rang)) != rang:
                    raise ValueError(f"{self.une} est déjà à la ligne {nombre_fr(autre)}.")
            except (ValueError, RefusMetier) as faute:
                fautes.signaler(rang, str(faute))
            else:
                lues[rang] = ligne
        fautes.refuser()
        if not lues:
            raise FichierRefuse("Le fichier n'a aucune ligne sous ses titres : au moins une est attendue.")
        self.ensemble(lues, fautes)
        fautes.refuser()
        return lues

    def du_fichier(self, octets: bytes, nom: str = "") -> list[tuple[int, list[str]]]:
        """The cells of each line that says something: of a CSV file (UTF-8, semicolons), or of the first sheet of a
        workbook if it is called .xlsx. Raises FichierRefuse.
        """
        lire = lignes_du_classeur if nom.lower().endswith(".xlsx") else lignes_de_la_table
        return list(lire(octets, self.colonnes, self.lignes_max))

    def montrer(self, cellules: Sequence[str]) -> tuple[str, ...]:
        """The line under `titres`; as it was written, when it does not read any more."""
        try:
            return self.decrire(self._ligne(cellules))
        except (ValueError, RefusMetier):
            return tuple(cellules)

    def _ligne(self, cellules: Sequence[str]) -> L:
        if len(cellules) != len(self.colonnes):
            raise ValueError(f"{en_nombre(len(cellules), 'colonne')} ; {len(self.colonnes)} sont attendues.")
        if any(len(cellule) > CELLULE_MAX for cellule in cellules):
            raise ValueError(f"une cellule a plus de {CELLULE_MAX} caractères.")
        return self.ligne(cellules)


def couloir_de(texte: str) -> Couloir:
    """Raises ValueError (French sentence)."""
    try:
        return couloirs.trouver(texte)
    except couloirs.CouloirInconnu as inconnu:
        raise ValueError(str(inconnu)) from None


def source_de(texte: str) -> str:
    if not texte.strip() or "\x00" in texte:
        raise ValueError("La source est attendue : le texte légal qui le fixe.")
    return texte.strip()


def montant_de(texte: str) -> Decimal:
    try:
        montant = Decimal(texte.translate(_ORNEMENTS))
    except InvalidOperation:
        montant = Decimal("NaN")
    if not montant.is_finite() or not 0 < montant < MAXIMUM or montant != round(montant, 2):
        raise ValueError(
            f"« {lisible(texte)} » n'est pas un montant : des euros et des centimes sont attendus, comme 11000,00."
        )
    return round(montant, 2)
