"""« Scénario d'installation »: questions ticked or answered, or a table of one line per site."""

from dataclasses import dataclass

from segurnum.web.commun.blocs.consultee import Coche, Consultee, valeurs
from segurnum.web.kits.fiche import Donnee
from segurnum.web.kits.tableau import Affiche, Colonne, Tableau


@dataclass(frozen=True)
class Scenario:
    """Questions ticked or answered, or a table of one line per site (MS1), or both (REQ-055 to REQ-058)."""

    coches: tuple[Coche, ...]
    donnees: tuple[Donnee, ...]
    tableau: Affiche | None


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
    tableau = _par_site(consultee)
    return Scenario(tuple(coches), tuple(donnees), tableau) if coches or donnees or tableau else None


def _par_site(consultee: Consultee) -> Affiche | None:
    """What the portal checked against the referencing is in bold."""
    declarees = consultee.couloir.colonnes_scenario
    if not declarees:
        return None
    colonnes = tuple(
        Colonne(c.chemin, c.libelle, cellule=f"{c.chemin}|reponse:{'1' if c.verifiee else '0'}")
        for c in declarees
    )
    lignes = [
        {c.chemin: ligne.get(c.chemin) for c in declarees}
        for ligne in consultee.donnees.get("scenarioInstallation") or []
    ]
    return consultee.tableau(Tableau("scenario", "Scénario d'installation, site par site", colonnes), lignes)
