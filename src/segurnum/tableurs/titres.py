"""Which column of a sheet is which field: by its label or by the field's path, however they are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from segurnum.controles.constats import le_plus_proche
from segurnum.regles.textes import cle_de_titre
from segurnum.tableurs.cellules import Cellule
from segurnum.tableurs.plan import DEMANDE, Colonne, Plan

LIGNES_DE_TITRES = 20  # the headings are looked for in the first rows
RECONNUS_MIN = 2
DSR = frozenset({"dsr", "couloir"})


@dataclass
class Titres:
    """The row of the headings (from 0), and what each column of the sheet is.

    `dsr`: the column that names the couloir, if there is one. `inconnus`: (column, heading).
    `douteux`: (column, sentence).
    """

    ligne: int = 0
    colonnes: dict[int, Colonne] = field(default_factory=dict)
    dsr: int | None = None
    inconnus: list[tuple[int, str]] = field(default_factory=list)
    douteux: list[tuple[int, str]] = field(default_factory=list)

    @property
    def reconnus(self) -> int:
        return len(self.colonnes)


def trouver_les_titres(plan: Plan, lignes: list[list[Cellule]]) -> Titres | None:
    """The first row that names the most columns, None when no row names any two."""
    trouves = [
        _reconnaitre(plan, rang, ligne)
        for rang, ligne in enumerate(lignes[:LIGNES_DE_TITRES])
        if any(isinstance(cellule, str) and cellule for cellule in ligne)
    ]
    meilleur = max(trouves, key=lambda titres: titres.reconnus, default=None)
    return meilleur if meilleur and meilleur.reconnus >= RECONNUS_MIN else None


@dataclass(frozen=True)
class _Index:
    exacts: dict[str, Colonne]
    larges: dict[str, list[Colonne]]


@cache
def _index(plan: Plan) -> _Index:
    exacts: dict[str, Colonne] = {}
    larges: dict[str, list[Colonne]] = defaultdict(list)
    for colonne in (*plan.colonnes, *plan.numeros.values()):
        for nom in _noms_exacts(colonne):
            exacts.setdefault(cle_de_titre(nom), colonne)
        if not colonne.numero:
            for nom in (colonne.champ.libelle, colonne.champ.nom, *colonne.champ.alias):
                if colonne not in larges[cle_de_titre(nom)]:
                    larges[cle_de_titre(nom)].append(colonne)
    return _Index(exacts, larges)


def _noms_exacts(colonne: Colonne) -> Iterator[str]:
    yield colonne.intitule
    prefixe = f"{colonne.niveau.libelle} numéro" if colonne.numero else colonne.nom_chemin
    yield prefixe
    dans_la_demande = ".".join(colonne.chemin[len(DEMANDE) :])
    if not colonne.numero and dans_la_demande:
        yield dans_la_demande


def candidats(plan: Plan, titre: str) -> list[Colonne]:
    """The columns that a heading may mean: one when it leaves no doubt."""
    index, cle = _index(plan), cle_de_titre(titre)
    if not cle:
        return []
    if cle in index.exacts:
        return [index.exacts[cle]]
    trouvees = index.larges.get(cle) or index.larges.get(cle.removesuffix("s")) or []
    proposees = [colonne for colonne in trouvees if colonne.proposee]
    return proposees or trouvees


def _reconnaitre(plan: Plan, rang: int, ligne: list[Cellule]) -> Titres:
    titres = Titres(rang)
    for place, cellule in enumerate(ligne):
        titre = cellule.strip() if isinstance(cellule, str) else ""
        if titre:
            _placer(plan, titres, place, titre)
    _rendre_les_sites(titres)
    return titres


def _placer(plan: Plan, titres: Titres, place: int, titre: str) -> None:
    possibles = candidats(plan, titre)
    if len(possibles) == 1 and possibles[0] not in titres.colonnes.values():
        titres.colonnes[place] = possibles[0]
    elif len(possibles) == 1:
        titres.douteux.append(
            (place, f"Deux colonnes s'appellent « {possibles[0].intitule} » : n'en gardez qu'une.")
        )
    elif possibles:
        noms = " ou ".join(f"« {colonne.intitule} »" for colonne in possibles)
        titres.douteux.append((place, f"Le titre « {titre} » peut désigner {noms} : écrivez l'un d'eux."))
    elif cle_de_titre(titre) in DSR:
        titres.dsr = place
    else:
        titres.inconnus.append((place, titre))


def _rendre_les_sites(titres: Titres) -> None:
    """« FINESS géographique » alone is that of the site, which its scenario repeats."""
    presentes = set(titres.colonnes.values())
    for place, colonne in titres.colonnes.items():
        if colonne.liee_a is not None and colonne.liee_a not in presentes:
            titres.colonnes[place] = colonne.liee_a


def proche(plan: Plan, titre: str) -> str | None:
    """The heading of the model that this one is nearly, if there is one."""
    intitules = {cle_de_titre(colonne.intitule): colonne.intitule for colonne in plan.proposees}
    trouve = le_plus_proche(cle_de_titre(titre), intitules, seuil=0.8)
    return intitules[trouve] if trouve else None


def meilleurs(plans: Iterable[Plan], lignes: list[list[Cellule]]) -> list[Plan]:
    """The plans whose headings a sheet has the most of, and lacks the fewest; several when it does not tell which."""
    scores = {
        plan: (titres.reconnus, -len(set(plan.proposees) - set(titres.colonnes.values())))
        for plan in plans
        if (titres := trouver_les_titres(plan, lignes))
    }
    meilleur = max(scores.values(), default=(0, 0))
    return [plan for plan, score in scores.items() if score == meilleur]
