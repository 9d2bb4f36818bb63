"""Business rules: each is one function with its code, its sentence and its test.

`@regle` registers a function that receives a `Depot` and yields (path, sentence) pairs, with a third element: a
`Proposition`, where it knows what would pass, or a `Severite` milder than its code's. `exige` names the
fields of the context without which the rule cannot be judged: the report then lists it as not evaluated.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from segurnum.controles.catalogue import ERREUR, Code, Severite, declarer
from segurnum.controles.constats import Proposition
from segurnum.controles.contexte import Contexte
from segurnum.controles.depot import Depot
from segurnum.couloirs.champs import Chemin
from segurnum.regles.cycles import TypeDemande

Trouvailles = Iterator[tuple[Chemin, str] | tuple[Chemin, str, Proposition | Severite]]
Fonction = Callable[[Depot], Trouvailles]


@dataclass(frozen=True)
class Regle:
    """A registered rule; `pour` limits it to one type of request, `si` to the declarations it can bear on."""

    code: Code
    fonction: Fonction
    exige: tuple[str, ...] = ()
    pour: TypeDemande | None = None
    si: Callable[[Depot], bool] = bool

    def concerne(self, depot: Depot) -> bool:
        """True when the rule means something for this couloir, this type of request and this day."""
        return self.pour in (None, depot.type) and self.code.vaut(depot.contexte.instant) and self.si(depot)

    def evaluable(self, contexte: Contexte) -> bool:
        """True when the context holds all that the rule needs."""
        return all(getattr(contexte, nom) is not None for nom in self.exige)


_REGLES: dict[str, Regle] = {}


def regle(
    *,
    code: str,
    titre: str,
    explication: str,
    remede: str,
    severite: Severite = ERREUR,
    exige: tuple[str, ...] = (),
    pour: TypeDemande | None = None,
    si: Callable[[Depot], bool] = bool,
    **vie: Any,
) -> Callable[[Fonction], Fonction]:
    """Register the decorated function as the one rule of this code. `vie`: `version`, `depuis`, `reglable`."""

    def enregistrer(fonction: Fonction) -> Fonction:
        declare = declarer(code, titre, severite, explication, remede, **vie)
        _REGLES[code] = Regle(declare, fonction, exige, pour, si)
        return fonction

    return enregistrer


@cache
def regles() -> tuple[Regle, ...]:
    """Every rule, in the order of the codes; each module of this package is imported."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        if module.name != f"{__name__}.tests":
            importlib.import_module(module.name)
    return tuple(_REGLES[code] for code in sorted(_REGLES))
