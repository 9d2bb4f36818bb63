"""Requests into rows: what `demandes` reads back as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from segurnum.tableurs.cellules import VIDE
from segurnum.tableurs.demandes import Valeurs, se_confondent
from segurnum.tableurs.plan import Colonne, Niveau, Pas, Plan, constante


@dataclass
class Grille:
    """Headings and rows; a row is what each column holds there. `montrees`: the columns that are written."""

    plan: Plan
    lignes: list[dict[Colonne, Any]] = field(default_factory=list)
    numerotes: set[Niveau] = field(default_factory=set)

    def montrees(self, toujours: Sequence[Colonne]) -> list[Colonne]:
        """The columns of the model, and those that hold something, in the order of the declaration."""
        remplies = {colonne for ligne in self.lignes for colonne in ligne}
        gardees = {*toujours, *remplies}
        ordre: list[Colonne] = []
        for colonne in self.plan.colonnes:
            numero = self.plan.numeros.get(colonne.niveau)
            if numero in gardees and numero is not None and numero not in ordre:
                ordre.append(numero)
            if colonne in gardees:
                ordre.append(colonne)
        return ordre


def grille(plan: Plan, fichier: Mapping[str, Any], *, complete: bool = True) -> Grille:
    """The rows of a file in normal form. `complete`: with what the model leaves to be found, so that none is lost."""
    faite = Grille(plan)
    demandes: Sequence[Mapping[str, Any]] = fichier["lignesImport"]
    for niveau in plan.niveaux:
        if niveau in plan.numeros and complete and _a_numeroter(niveau, demandes):
            faite.numerotes.add(niveau)
    for rang, demande in enumerate(demandes):
        debut = len(faite.lignes)
        hauteur = _poser(faite, plan.demande, demande, debut, complete)
        for ligne in faite.lignes[debut : debut + hauteur]:
            ligne[plan.cle] = demande[plan.cle.champ.nom]
        if demande.get("numLigne") == rang + 1:
            faite.lignes[debut].pop(_colonne(plan, "numLigne"), None)
    for colonne in plan.racine.colonnes:
        for ligne in faite.lignes:
            ligne[colonne] = fichier.get(colonne.champ.nom) or VIDE
    return faite


def _colonne(plan: Plan, nom: str) -> Colonne:
    return next(colonne for colonne in plan.demande.colonnes if colonne.champ.nom == nom)


def _poser(faite: Grille, niveau: Niveau, element: Any, debut: int, complete: bool) -> int:
    """Write an element from this row on; returns how many rows it takes."""
    while len(faite.lignes) <= debut:
        faite.lignes.append({})
    for colonne, valeur in zip(niveau.colonnes, valeurs(niveau, element), strict=True):
        if valeur != VIDE and (complete or colonne.proposee) and valeur != constante(colonne.champ):
            faite.lignes[debut][colonne] = valeur
    hauteur = 1
    for enfant in niveau.enfants:
        place = debut
        for rang, fils in enumerate(fils_de(niveau, enfant, element), 1):
            if enfant in faite.numerotes:
                while len(faite.lignes) <= place:
                    faite.lignes.append({})
                faite.lignes[place][faite.plan.numeros[enfant]] = rang
            place += _poser(faite, enfant, fils, place, complete)
        hauteur = max(hauteur, place - debut)
    return hauteur


def valeurs(niveau: Niveau, element: Any) -> Valeurs:
    """The values of its own columns; VIDE for null."""
    if niveau.scalaire:
        return (element,)
    return tuple(_suivre(element, colonne.relatif) for colonne in niveau.colonnes)


def fils_de(niveau: Niveau, enfant: Niveau, element: Any) -> Sequence[Any]:
    return _suivre(element, enfant.chemin[len(niveau.chemin) : -1]) or []


def _suivre(valeur: Any, chemin: Pas) -> Any:
    for nom in chemin:
        if valeur is None:
            return VIDE
        valeur = valeur.get(nom)
    return VIDE if valeur is None else valeur


def _a_numeroter(niveau: Niveau, demandes: Sequence[Mapping[str, Any]]) -> bool:
    """True when two elements in a row would be read as one, or one as none."""
    for liste in _listes(niveau, demandes):
        posees = [valeurs(niveau, element) for element in liste]
        if any(se_confondent(niveau, a, b) for a, b in pairwise(posees)):
            return True
        if any(all(valeur == VIDE for valeur in une) for une in posees):
            return True
    return False


def _listes(niveau: Niveau, demandes: Sequence[Mapping[str, Any]]) -> list[Sequence[Any]]:
    """Every list of the file that this is the level of."""
    parent = niveau.parent
    if parent is None or parent.parent is None:
        return [demandes]
    return [fils_de(parent, niveau, element) for liste in _listes(parent, demandes) for element in liste]
