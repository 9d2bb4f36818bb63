"""Rows into requests: those of one request share its number, and each adds at most one element to each list.

What belongs to the request may be repeated or left blank on its next rows; a beneficiary with several sites likewise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from segurnum.controles.codes_tableur import CONTRADICTION, LIGNE_REPETEE
from segurnum.controles.constats import citer
from segurnum.couloirs.champs import Champ, Identifiant, Objet, Tableau
from segurnum.tableurs.cellules import VIDE
from segurnum.tableurs.plan import TOUS, Colonne, Niveau, Pas, Plan, constante
from segurnum.tableurs.remarques import Remarques

Valeurs = tuple[Any, ...]
_ENTRE_IDENTIFIANTS = re.compile(r"[\s,;/|]+")


@dataclass(eq=False, slots=True)
class Element:
    """One element of a list: the values of its own columns, its first row, the elements of its lists."""

    valeurs: Valeurs
    ligne: int
    numero: Any = VIDE
    enfants: dict[Niveau, list[Element]] = field(default_factory=dict)


@dataclass
class Table:
    """The cells of a sheet once read: the values of each list, row after row.

    `cles`: the number of the request, as each row writes it. `dits`: the rows that say something of a list, or of those
    inside.
    """

    plan: Plan
    valeurs: dict[Niveau, Sequence[Valeurs]]
    numeros: dict[Niveau, Sequence[Any]]
    cles: Sequence[Any]
    dits: dict[Niveau, Sequence[bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for niveau in reversed(self.plan.niveaux):
            vide = (VIDE,) * len(niveau.colonnes)
            dits = [valeurs != vide for valeurs in self.valeurs[niveau]]
            for autres in (
                *(self.dits[enfant] for enfant in niveau.enfants),
                [numero != VIDE for numero in self.numeros.get(niveau, ())],
            ):
                dits = [un or autre for un, autre in zip(dits, autres, strict=True)] if autres else dits
            self.dits[niveau] = dits


def grouper(table: Table, rangs: Sequence[int], remarques: Remarques) -> tuple[list[Element], dict[int, int]]:
    """The requests, in the order of their first rows, and the rank of the request of each row.

    `rangs`: the rows that say something.
    """
    suivis: dict[Any, _Suivi] = {}
    de_qui: dict[int, int] = {}
    courant: _Suivi | None = None
    for rang in rangs:
        cle = table.cles[rang]
        cle = cle.strip() if isinstance(cle, str) else cle
        if cle != VIDE or courant is None:
            courant = suivis.get(cle) or suivis.setdefault(cle, _Suivi(table, remarques, len(suivis)))
        courant.ajouter(rang)
        de_qui[rang] = courant.rang
    return [suivi.demande for suivi in suivis.values() if suivi.demande is not None], de_qui


class _Suivi:
    """One request while its rows come: the element that each list is at."""

    def __init__(self, table: Table, remarques: Remarques, rang: int) -> None:
        self.table, self.remarques, self.rang = table, remarques, rang
        self.niveau, self.dits = table.plan.demande, table.dits
        self.demande: Element | None = None
        self.rappel: Valeurs = ()  # a row that says of the request its number only
        self.courants: dict[Niveau, Element] = {}

    def ajouter(self, rang: int) -> None:
        nouvelle = self.demande is None
        valeurs = self.table.valeurs[self.niveau][rang]
        if self.demande is None:
            self.demande = Element(valeurs, rang)
            cle = self.niveau.colonnes.index(self.table.plan.cle)
            self.rappel = tuple(valeur if place == cle else VIDE for place, valeur in enumerate(valeurs))
        elif valeurs not in (self.rappel, self.demande.valeurs):
            nouvelle = self._completer(self.demande, valeurs, rang)
        for enfant in self.niveau.enfants:
            if self.dits[enfant][rang]:
                nouvelle = self._descendre(enfant, self.demande, rang) or nouvelle
        if not nouvelle:
            self.remarques.sur_la_ligne(
                LIGNE_REPETEE,
                rang,
                "La ligne n'ajoute rien à la précédente de sa demande : elle compte une fois.",
            )

    def _completer(self, demande: Element, valeurs: Valeurs, rang: int) -> bool:
        """Fill what the first row left blank; a cell that says something else is a contradiction. False for neither."""
        completes, contredit = list(demande.valeurs), False
        for place, (dite, ici) in enumerate(zip(demande.valeurs, valeurs, strict=True)):
            if ici in (VIDE, dite):
                continue
            if dite == VIDE:
                completes[place] = ici
                continue
            message = (
                f"La ligne {rang + 1} dit {citer(ecrite(ici))} là où la ligne {demande.ligne + 1}, de la même "
                f"demande, dit {citer(ecrite(dite))}."
            )
            self.remarques.sur_la_cellule(CONTRADICTION, rang, self.niveau.colonnes[place], message)
            contredit = True
        change = tuple(completes) != demande.valeurs
        demande.valeurs = tuple(completes)
        return change or contredit

    def _descendre(self, niveau: Niveau, parent: Element, rang: int) -> bool:
        """Add what the row says of this list and of those inside, which is something. True when it is new."""
        valeurs, numero = self.table.valeurs[niveau][rang], self.table.numeros[niveau][rang]
        deja, courant = parent.enfants.get(niveau), self.courants.get(niveau)
        cree = deja is None or courant is not deja[-1]  # the list is at an element of the parent before
        if courant is None or cree or _est_un_autre(niveau, courant, valeurs, numero):
            courant, cree = Element(valeurs, rang, numero), True
            parent.enfants.setdefault(niveau, []).append(courant)
            self.courants[niveau] = courant
        for enfant in niveau.enfants:
            if self.dits[enfant][rang]:
                cree = self._descendre(enfant, courant, rang) or cree
        return cree


def _est_un_autre(niveau: Niveau, courant: Element, valeurs: Valeurs, numero: Any) -> bool:
    """True when a row tells of another element than the one that the list is at.

    An element that holds lists goes on over several rows, whose blanks repeat it; another is what its own row says.
    """
    if numero != VIDE:
        return bool(numero != courant.numero)
    if not niveau.enfants:  # what the row says is all its own
        return valeurs != courant.valeurs
    return valeurs.count(VIDE) < len(valeurs) and not se_confondent(niveau, courant.valeurs, valeurs)


def se_confondent(niveau: Niveau, avant: Valeurs, apres: Valeurs) -> bool:
    """True when two elements in a row would be read as one."""
    if avant == apres:
        return True
    return bool(niveau.enfants) and all(b in (VIDE, a) for a, b in zip(avant, apres, strict=True))


def ecrite(valeur: Any) -> Any:
    """A value as its cell holds it: « oui » rather than true."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return valeur


Places = dict[str, int]
"""Path of an element (« lignesImport[3].beneficiaires.liberal[0] ») to its row, from 0."""
Batir = Callable[[Element, str, Places], Any]
_RIEN: Any = object()
"""No key is written: the engine says that the field is missing."""


@dataclass(frozen=True)
class _Pose:
    """How one field is written: from the value at `rang` (`sans` when it is blank), or by what builds it."""

    nom: str
    rang: int = 0
    sans: Any = None
    batir: Batir | None = None


def batisseur(niveau: Niveau, cochees: frozenset[Colonne] = frozenset()) -> Batir:
    """What makes the JSON value of an element of this list; the rows are noted on the way.

    `cochees`: columns of ticks, where a blank means no.
    """
    if niveau.scalaire or not isinstance(niveau.element, Objet):
        return lambda element, _chemin, _places: element.valeurs[0]
    remplir = _remplisseur(list(_poses(niveau, niveau.element, (), cochees)))

    def batir(element: Element, chemin: str, places: Places) -> dict[str, Any]:
        places[chemin] = element.ligne
        return remplir(element, chemin, places)

    return batir


def _remplisseur(poses: list[_Pose]) -> Callable[[Element, str, Places], dict[str, Any]]:
    plates = [(pose.nom, pose.rang, pose.sans, pose.batir) for pose in poses]

    def remplir(element: Element, chemin: str, places: Places) -> dict[str, Any]:
        valeurs, objet = element.valeurs, {}
        for nom, rang, sans, batir in plates:
            if batir is not None:
                objet[nom] = batir(element, f"{chemin}.{nom}", places)
            elif rang >= 0 and valeurs[rang] != VIDE:
                objet[nom] = valeurs[rang]
            elif sans is not _RIEN:
                objet[nom] = sans
        return objet

    return remplir


def _poses(niveau: Niveau, objet: Objet, relatif: Pas, cochees: frozenset[Colonne]) -> Iterator[_Pose]:
    rangs = {colonne.relatif: rang for rang, colonne in enumerate(niveau.colonnes)}
    for champ in objet.champs:
        place = (*relatif, champ.nom)
        if champ.reserve:
            yield _Pose(champ.nom, -1)
        elif isinstance(champ.type, Objet):
            yield _Pose(champ.nom, batir=_objet(champ, list(_poses(niveau, champ.type, place, cochees))))
        elif isinstance(champ.type, Tableau):
            liste = next(e for e in niveau.enfants if e.chemin == (*niveau.chemin, *place, TOUS))
            yield _Pose(champ.nom, batir=_liste(liste, cochees))
        else:
            yield _Pose(
                champ.nom, rangs[place], _sans_valeur(champ, niveau.colonnes[rangs[place]] in cochees)
            )


def _sans_valeur(champ: Champ, cochee: bool) -> Any:
    """What a blank cell means."""
    unique = constante(champ)
    if unique is not None or champ.accepte_null:
        return unique
    return False if cochee else _RIEN


def _objet(champ: Champ, poses: list[_Pose]) -> Batir:
    remplir = _remplisseur(poses)

    def poser(element: Element, chemin: str, places: Places) -> Any:
        valeur = remplir(element, chemin, places)
        vide = all(v is None or v == [] for v in valeur.values())
        return None if vide and champ.accepte_null else valeur

    return poser


def _liste(liste: Niveau, cochees: frozenset[Colonne]) -> Batir:
    batir = batisseur(liste, cochees)

    def poser(element: Element, chemin: str, places: Places) -> list[Any]:
        fils = element.enfants.get(liste, [])
        if not liste.scalaire:
            return [batir(un, f"{chemin}[{rang}]", places) for rang, un in enumerate(fils)]
        valeurs: list[Any] = []
        for un in fils:
            for valeur in _plusieurs(liste, un.valeurs[0]):
                places[f"{chemin}[{len(valeurs)}]"] = un.ligne
                valeurs.append(valeur)
        return valeurs

    return poser


def _plusieurs(liste: Niveau, valeur: Any) -> list[Any]:
    """Several identifiers in one cell are as many elements."""
    if not isinstance(valeur, str) or valeur.isalnum() or not isinstance(liste.element, Identifiant):
        return [valeur]
    if _ENTRE_IDENTIFIANTS.search(valeur):
        return [morceau for morceau in _ENTRE_IDENTIFIANTS.split(valeur) if morceau]
    return [valeur]


def lier(valeurs: Sequence[Any], autres: Sequence[Sequence[Any]], liees: Sequence[Any]) -> list[Any]:
    """The key of a list, taken from the column that it repeats on the rows that say something of the list."""
    largeur = len(autres)
    return [
        lie if cellule == VIDE and ligne.count(VIDE) < largeur else cellule
        for cellule, ligne, lie in zip(valeurs, zip(*autres, strict=True), liees, strict=True)
    ]
