"""Tables: columns declared once, with their cells, « Filtrer... », sort arrows, pages, and a bound on what is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, QueryDict

from segurnum.controles.problemes import nombre_fr
from segurnum.kits import tranches

PAR_PAGE = 20
SEUIL = 500  # rows of a list that are ever read (REQ-009)
TRI = "tri"
PAGE = "page"
COCHER = "cocher"
TOTAUX = "totaux"
VIDE = "Aucune donnée disponible dans le tableau"

Filtre = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Colonne:
    """A column: its cell, how « Filtrer... » narrows the rows, and which fields of the model its arrow sorts on.

    `cellule` is what the row `ligne` shows: « depose_le|jour » – a name and filters, as templates write them – or the
    path of a small template; the key itself when nothing is said. `lien` gives the address that the cell leads to,
    `precision` the small text below it, written as the cell is. `export` is what the file of the list says, where that
    is not what the cell does (kits.export): False for nothing.
    """

    cle: str
    libelle: str
    filtre: Filtre | None = None
    tri: tuple[str, ...] = ()
    nombre: bool = False
    cellule: str = ""
    lien: Callable[[Any], str] | None = None
    precision: str = ""
    titre: bool = False  # the cell that names its row
    insecable: bool = False
    somme: bool = False
    export: Callable[[Any], Any] | bool = True

    @property
    def contenu(self) -> str:
        return self.cellule or self.cle

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
class Choix:
    """How rows are ticked for a gesture on many. `nom`: of what is sent; `cle`: its value for a row; `dit`: what names
    the row to who hears the page; `un`: what is to be ticked (« un courriel »).
    """

    nom: str
    cle: Callable[[Any], object]
    dit: Callable[[Any], str]
    un: str = "une ligne"


CHOISIR = Colonne("choisir", "Choisir", cellule="kits/case.html")


@dataclass(frozen=True)
class Entete:
    """A column's head: the filter as typed, and the address that sorts on it."""

    colonne: Colonne
    filtre: str = ""
    sens: str = "none"  # the value of aria-sort
    adresse_tri: str = ""


@dataclass(frozen=True)
class Tableau:
    """What is the same of a table whoever reads it. `cle` names it in its page.

    `ordre` must follow an index, so that the keys are read without sorting; another order sorts the keys found only.
    `seuil`: rows that are read at once; with `par_tranches` the next are reached from there (kits.tranches).
    `ancre`: what names a row in the page. `choix`: how rows are ticked.
    """

    cle: str
    legende: str
    colonnes: tuple[Colonne, ...]
    ordre: tuple[str, ...] = ("pk",)
    seuil: int = SEUIL
    vide: str = VIDE
    debord: str = "La liste a plus de {} lignes"
    ancre: Callable[[Any], str] | None = None
    legende_lue: bool = False  # said by a heading already: for screen readers only
    choix: Choix | None = None
    par_tranches: bool = False

    @property
    def montrees(self) -> tuple[Colonne, ...]:
        return (CHOISIR, *self.colonnes) if self.choix else self.colonnes

    def montrer(self, lignes: Iterable[Any]) -> Affiche:
        """All these rows: a table of a page, without filters nor pages."""
        return Affiche(self, tuple(Entete(colonne) for colonne in self.montrees), lignes=list(lignes))

    def tourner(
        self, lignes: Any, parametres: Mapping[str, str], nom: str = PAGE, par_page: int | None = None
    ) -> Affiche:
        """A page of these rows, in their order, as many as a list has unless `par_page` says."""
        page: Page[Any] = Paginator(lignes, par_page or PAR_PAGE).get_page(parametres.get(nom))
        entetes = tuple(Entete(colonne) for colonne in self.montrees)
        return Affiche(self, entetes, page=page, nom_page=nom, lignes=list(page.object_list))

    def lire(
        self,
        lignes: QuerySet[Any],
        parametres: QueryDict,
        *,
        criteres: bool = False,
        tout_ou_rien: bool = False,
        presenter: Callable[[list[Any]], Sequence[Any]] = list,
        gardes: Sequence[str] = (),
        suite: str = "",
    ) -> Affiche:
        """One page, in two statements whatever the number of rows: the keys (bounded by `seuil`), then the page's rows;
        a third adds up what is listed.

        `criteres`: the page has narrowed them already. `tout_ou_rien`: beyond `seuil`, show nothing until a filter is
        applied (REQ-009). `presenter` makes what the rows show of the models. `gardes`: parameters that filtering
        keeps. `suite`: what the addresses of the rows carry on, so that one comes back to the same list.
        """
        trouvees = self.filtrer(lignes, parametres)
        filtree = criteres or any(colonne.cherche(parametres) for colonne in self.colonnes)
        lue = tranches.lire(trouvees, self.ordre, parametres, self.seuil) if self.par_tranches else None
        tranche = lue or self._premieres(trouvees)
        deborde = bool(tranche.apres or tranche.avant)
        cache = deborde and tout_ou_rien and not filtree
        cles = [] if cache else tranche.cles
        page: Page[Any] = Paginator(cles, PAR_PAGE).get_page(parametres.get(PAGE))
        lues = self._lignes(lignes, cles, page, parametres)
        return Affiche(
            self,
            tuple(_entete(colonne, parametres) for colonne in self.montrees),
            page=page,
            filtree=filtree,
            deborde=deborde,
            cache=cache,
            gardes=tuple((nom, str(parametres[nom])) for nom in (TRI, *gardes) if nom in parametres),
            suite=suite,
            cochee=parametres.get(COCHER) == PAGE,
            lignes=presenter(lues),
            tranche=None if cache else tranche,
            listees=self.additionner(lignes.filter(pk__in=cles)) if cles else None,
            total=self.additionner(trouvees) if deborde and not cache and TOTAUX in parametres else None,
        )

    def _premieres(self, trouvees: QuerySet[Any]) -> tranches.Tranche:
        cles = list(trouvees.order_by(*self.ordre).values_list("pk", flat=True)[: self.seuil + 1])
        return tranches.Tranche(cles[: self.seuil], "suite" if len(cles) > self.seuil else "")

    def additionner(self, lignes: QuerySet[Any]) -> Total | None:
        """How many rows these are, and what each column that is added up makes; None where none is."""
        sommees = [colonne for colonne in self.colonnes if colonne.somme]
        if not sommees:
            return None
        lues = lignes.aggregate(lignes=Count("pk"), **{c.cle: Sum(c.tri[0]) for c in sommees})
        return Total(lues["lignes"], tuple((c.libelle, lues[c.cle] or Decimal(0)) for c in sommees))

    def filtrer(self, lignes: QuerySet[Any], parametres: QueryDict) -> QuerySet[Any]:
        """What the columns' filters keep."""
        for colonne in self.colonnes:
            cherche = colonne.cherche(parametres)
            if colonne.filtre and cherche:
                lignes = colonne.filtre(lignes, cherche)
        return lignes

    def _lignes(
        self, base: QuerySet[Any], cles: list[Any], page: Page[Any], parametres: QueryDict
    ) -> list[Any]:
        if not page.object_list:
            return []
        tri = self.tri(parametres)
        if not tri:
            return list(base.filter(pk__in=list(page.object_list)).order_by(*self.ordre))
        debut = page.start_index() - 1
        return list(base.filter(pk__in=cles).order_by(*tri, *self.ordre)[debut : debut + PAR_PAGE])

    def tri(self, parametres: QueryDict) -> tuple[str, ...]:
        """The fields that the arrow of the address sorts on; none for the table's own order."""
        demande = parametres.get(TRI, "")
        for colonne in self.colonnes:
            if colonne.tri and demande.lstrip("-") == colonne.cle:
                return tuple(f"-{champ}" for champ in colonne.tri) if demande.startswith("-") else colonne.tri
        return ()


@dataclass(frozen=True)
class Total:
    """How many rows, and their sums (euros), each under the label of its column."""

    nombre: int
    sommes: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Affiche:
    """A table as a page shows it. `deborde`: there are more than `seuil` results; `cache`: so none is shown. `listees`
    and `total`: what is added up of the rows that are read, and of the whole result once it is asked for.
    """

    tableau: Tableau
    entetes: tuple[Entete, ...]
    page: Page[Any] | None = None
    nom_page: str = PAGE
    filtree: bool = False
    deborde: bool = False
    cache: bool = False
    gardes: tuple[tuple[str, str], ...] = ()
    suite: str = ""
    cochee: bool = False  # the rows of the page are ticked already
    lignes: Sequence[Any] = field(default=())
    tranche: tranches.Tranche | None = None
    listees: Total | None = None
    total: Total | None = None

    @property
    def vide(self) -> str:
        """Why there is no row: a sentence of the table's own holds for the whole list only."""
        propre = self.tableau.vide
        return "Aucune ligne ne correspond à vos filtres." if self.filtree and propre != VIDE else propre

    @property
    def triee(self) -> bool:
        """By an arrow, not in the table's own order."""
        return any(entete.sens != "none" for entete in self.entetes)

    @property
    def tout(self) -> str:
        """What the address of the whole list keeps."""
        return urlencode([garde for garde in self.gardes if garde[0] != TRI])

    @property
    def debord(self) -> str:
        """Why nothing is shown, when `cache`."""
        return self.tableau.debord.format(nombre_fr(self.tableau.seuil))

    @property
    def filtrable(self) -> bool:
        return any(entete.colonne.filtrable or entete.adresse_tri for entete in self.entetes)

    def adresse(self, adresse: str) -> str:
        """That a row leads to, from this very list."""
        return f"{adresse}{'&' if '?' in adresse else '?'}{self.suite}" if self.suite else adresse

    @property
    def toutes(self) -> int:
        """Results that may be ticked together; 0 when the page shows them all, or when there are too many to count."""
        return self.nombre if self.nombre > len(self.lignes) and not self.deborde else 0

    @property
    def nombre(self) -> int:
        """Results, whatever the page."""
        return self.page.paginator.count if self.page else len(self.lignes)


def page_de(requete: HttpRequest, lignes: Any, par_page: int = 0) -> Page[Any]:
    """The page of these rows that the address asks for, for a list that is drawn by its page."""
    return Paginator(lignes, par_page or PAR_PAGE).get_page(requete.GET.get(PAGE))


def _entete(colonne: Colonne, parametres: QueryDict) -> Entete:
    demande = parametres.get(TRI, "")
    croissant, decroissant = demande == colonne.cle, demande == f"-{colonne.cle}"
    suite = parametres.copy()
    for passager in (PAGE, COCHER):
        suite.pop(passager, None)
    suite[TRI] = f"-{colonne.cle}" if croissant else colonne.cle
    return Entete(
        colonne=colonne,
        filtre=colonne.cherche(parametres),
        sens="ascending" if croissant else "descending" if decroissant else "none",
        adresse_tri=f"?{suite.urlencode()}" if colonne.tri else "",
    )
