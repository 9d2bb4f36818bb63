"""« Scénario d'installation »: questions ticked or answered, or a table of one line per site."""

from dataclasses import dataclass
from typing import Any

from segurnum.web.commun.blocs.consultee import Coche, Consultee, Tableau, valeurs
from segurnum.web.kits.fiche import Donnee


@dataclass(frozen=True)
class Cellule:
    """A cell of the scenario table: `oui` is a boolean, None for a text."""

    texte: str
    oui: bool | None
    verifiee: bool


@dataclass(frozen=True)
class Scenario:
    """Questions ticked or answered, or a table of one line per site (MS1), or both (REQ-055 to REQ-058)."""

    coches: tuple[Coche, ...]
    donnees: tuple[Donnee, ...]
    colonnes: tuple[str, ...]
    tableau: Tableau[tuple[Cellule, ...]] | None


def scenario(consultee: Consultee) -> Scenario | None:
    """What was answered, word for word; None when the couloir asks nothing."""
    couloir = consultee.couloir
    coches, donnees = [], []
    for question in couloir.questions:
        if couloir.champ(question.chemin, consultee.type) is None:
            continue
        valeur = next(iter(valeurs(consultee.donnees, question.chemin.split("."))), None)
        if isinstance(valeur, bool):
            coches.append(Coche(question.libelle, valeur, question.verifiee))
        else:
            donnees.append(Donnee(question.libelle, str(valeur) if valeur else "Non renseigné"))
    tableau = _tableau_scenario(consultee)
    if not (coches or donnees or tableau):
        return None
    colonnes = tuple(colonne.libelle for colonne in couloir.colonnes_scenario)
    return Scenario(tuple(coches), tuple(donnees), colonnes, tableau)


def _tableau_scenario(consultee: Consultee) -> Tableau[tuple[Cellule, ...]] | None:
    colonnes = consultee.couloir.colonnes_scenario
    if not colonnes:
        return None
    lignes = [
        tuple(_cellule(ligne.get(colonne.chemin), colonne.verifiee) for colonne in colonnes)
        for ligne in consultee.donnees.get("scenarioInstallation") or []
    ]
    return consultee.tableau("scenario", lignes)


def _cellule(valeur: Any, verifiee: bool) -> Cellule:
    if isinstance(valeur, bool):
        return Cellule("Oui" if valeur else "Non", valeur, verifiee)
    return Cellule("" if valeur is None else str(valeur), None, verifiee)
