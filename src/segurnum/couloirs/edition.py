"""A request taken apart into fields that a person may correct, and put together again (MOD-012, MOD-028).

What ties a request to its file, to its dossier or to its pieces is not among them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from segurnum.couloirs.champs import ABSENT, Champ, Chemin, Objet, Tableau, Type, ecrire_chemin
from segurnum.couloirs.nomenclature import PIECES
from segurnum.couloirs.repetitions import Repetition, Trou, repetitions

_FIXES = frozenset({"numLigne", "typeAction", "numeroASP", "numeroEditeur", PIECES})
_SANS_TITRE = "Demande"


@dataclass(frozen=True)
class ChampModifiable:
    """One scalar field of a request: where it is, what it is, under which title it is shown, its value today."""

    chemin: Chemin
    champ: Champ
    titre: str
    valeur: Any

    @property
    def nom(self) -> str:
        """« beneficiaires.liberal[0].nomMedecin »: also the name of its field on screen."""
        return ecrire_chemin(self.chemin)


def champs_du_fichier(forme: Objet, donnees: Mapping[str, Any]) -> Iterator[ChampModifiable]:
    """Every scalar field of a request of this shape, in the file's order."""
    yield from _parcourir(forme, donnees, (), ())


def listes_du_fichier(forme: Objet, donnees: Mapping[str, Any]) -> Iterator[Repetition]:
    """Every list whose elements may be added and taken away, in the same order."""
    yield from repetitions(forme, donnees, _FIXES)


def completer(type_: Type, valeur: Any) -> Any:
    """A value with every field of a later format: empty where it was written before the field existed."""
    if isinstance(type_, Objet):
        lue: Mapping[str, Any] = valeur or {}
        return {**lue, **{champ.nom: completer(champ.type, lue.get(champ.nom)) for champ in type_.champs}}
    if isinstance(type_, Tableau):
        return [completer(type_.element, element) for element in valeur or ()]
    return valeur


def corriger(donnees: Mapping[str, Any], valeurs: Mapping[Chemin, Any]) -> dict[str, Any]:
    """The request with other values at these paths; the one given is left as it is."""
    corrigee = copy.deepcopy(dict(donnees))
    for chemin, valeur in valeurs.items():
        objet: Any = corrigee
        for pas in chemin[:-1]:
            objet = objet[pas]
        objet[chemin[-1]] = valeur
    return corrigee


def _parcourir(
    type_: Type, valeur: Any, chemin: Chemin, titres: tuple[str, ...], champ: Champ | None = None
) -> Iterator[ChampModifiable]:
    if isinstance(type_, Objet):
        for fils in type_.champs if isinstance(valeur, Mapping) else ():
            if not fils.reserve and fils.nom not in _FIXES:
                suite = titres if _est_scalaire(fils.type) else (*titres, fils.libelle)
                yield from _parcourir(fils.type, valeur.get(fils.nom), (*chemin, fils.nom), suite, fils)
    elif isinstance(type_, Tableau) and champ is not None:
        gardes = [(rang, lu) for rang, lu in enumerate(valeur or ()) if not isinstance(lu, Trou)]
        for place, (rang, element) in enumerate(gardes, start=1):
            suite = (*titres[:-1], f"{titres[-1]} n° {place}")
            fils = replace(champ, type=type_.element, exemple=ABSENT)
            yield from _parcourir(type_.element, element, (*chemin, rang), suite, fils)
    elif champ is not None:
        yield ChampModifiable(chemin, champ, " › ".join(titres) or _SANS_TITRE, valeur)


def _est_scalaire(type_: Type) -> bool:
    return not isinstance(type_, Objet | Tableau)
