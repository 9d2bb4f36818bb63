"""Lists of the portal: « Filtrer... » per column, sort arrows, pages, and a bound on what is ever read (FRM-027)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import QueryDict

PAR_PAGE = 20
TRI = "tri"
PAGE = "page"

M = TypeVar("M", bound=Model)
Filtre = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Colonne:
    """A column: how « Filtrer... » narrows the rows, and which fields of the model its arrow sorts on."""

    cle: str
    libelle: str
    filtre: Filtre | None = None
    tri: tuple[str, ...] = ()
    nombre: bool = False

    @property
    def parametre(self) -> str:
        return f"f_{self.cle}"

    def cherche(self, parametres: QueryDict) -> str:
        """What is typed in « Filtrer... », without the signs that no text of the database can hold."""
        return parametres.get(self.parametre, "").replace("\x00", "").strip()

    @property
    def filtrable(self) -> bool:
        return self.filtre is not None


@dataclass(frozen=True)
class Entete:
    """A column's head: the filter as typed, and the address that sorts on it."""

    colonne: Colonne
    filtre: str
    sens: str  # the value of aria-sort
    adresse_tri: str


@dataclass(frozen=True)
class Liste(Generic[M]):
    """One page of rows. `deborde`: there are more than `seuil` results, which are not read."""

    entetes: tuple[Entete, ...]
    page: "Page[M]"
    deborde: bool
    filtree: bool
    seuil: int
    tri: str = ""
    lignes: Sequence[M] = field(default=())


def filtrer(lignes: "QuerySet[M]", colonnes: Sequence[Colonne], parametres: QueryDict) -> "QuerySet[M]":
    """The rows that every « Filtrer... » lets through."""
    for colonne in colonnes:
        cherche = colonne.cherche(parametres)
        if colonne.filtre and cherche:
            lignes = colonne.filtre(lignes, cherche)
    return lignes


def lister(
    lignes: "QuerySet[M]",
    colonnes: Sequence[Colonne],
    parametres: QueryDict,
    *,
    ordre: tuple[str, ...],
    seuil: int,
    filtree: bool,
    tout_ou_rien: bool = False,
) -> "Liste[M]":
    """One page, in two statements whatever the number of rows: the keys (bounded by `seuil`), then the page's rows.

    `ordre` must follow an index, so that the keys are read without sorting; another order sorts the keys found only.
    `tout_ou_rien`: beyond `seuil`, show nothing until a filter is applied (REQ-009).
    """
    trouvees = filtrer(lignes, colonnes, parametres)
    filtree = filtree or any(colonne.cherche(parametres) for colonne in colonnes)
    cles = list(trouvees.order_by(*ordre).values_list("pk", flat=True)[: seuil + 1])
    deborde = len(cles) > seuil
    cles = [] if deborde and tout_ou_rien and not filtree else cles[:seuil]
    tri = _tri(colonnes, parametres)
    page: Page[Any] = Paginator(cles, PAR_PAGE).get_page(parametres.get(PAGE))
    return Liste(
        entetes=tuple(_entete(colonne, parametres) for colonne in colonnes),
        page=page,
        deborde=deborde,
        filtree=filtree,
        seuil=seuil,
        tri=parametres.get(TRI, ""),
        lignes=_lignes(lignes, cles, page, tri, ordre),
    )


def _lignes(
    base: "QuerySet[M]", cles: list[Any], page: "Page[Any]", tri: tuple[str, ...], ordre: tuple[str, ...]
) -> list[M]:
    if not page.object_list:
        return []
    if not tri:
        return list(base.filter(pk__in=list(page.object_list)).order_by(*ordre))
    debut = page.start_index() - 1
    return list(base.filter(pk__in=cles).order_by(*tri, *ordre)[debut : debut + PAR_PAGE])


def _tri(colonnes: Sequence[Colonne], parametres: QueryDict) -> tuple[str, ...]:
    demande = parametres.get(TRI, "")
    for colonne in colonnes:
        if colonne.tri and demande.lstrip("-") == colonne.cle:
            return tuple(f"-{champ}" for champ in colonne.tri) if demande.startswith("-") else colonne.tri
    return ()


def _entete(colonne: Colonne, parametres: QueryDict) -> Entete:
    demande = parametres.get(TRI, "")
    croissant, decroissant = demande == colonne.cle, demande == f"-{colonne.cle}"
    suite = parametres.copy()
    suite.pop(PAGE, None)
    suite[TRI] = f"-{colonne.cle}" if croissant else colonne.cle
    return Entete(
        colonne=colonne,
        filtre=colonne.cherche(parametres),
        sens="ascending" if croissant else "descending" if decroissant else "none",
        adresse_tri=f"?{suite.urlencode()}" if colonne.tri else "",
    )
