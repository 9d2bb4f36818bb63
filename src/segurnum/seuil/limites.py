"""What a view says of how often it may be asked, and of what may close it. `garde.Garde` makes it so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

from segurnum.limites.models import Interrupteur

HEURE, JOUR = timedelta(hours=1), timedelta(days=1)
_DUREES = {HEURE: "une heure", JOUR: "un jour"}
V = TypeVar("V", bound=Callable[..., Any])


class Par(Enum):
    """Who is counted; the value reads after « pour »."""

    ADRESSE = "un même réseau"
    PERSONNE = "une même personne"
    ENTREPRISE = "une même entreprise"


ADRESSE, PERSONNE, ENTREPRISE = Par.ADRESSE, Par.PERSONNE, Par.ENTREPRISE


@dataclass(frozen=True)
class Limite:
    """At most `maximum` sendings in `duree`. `lectures`: it is the reading that costs, as of an export."""

    nom: str
    par: Par
    maximum: int
    duree: timedelta
    quoi: str = "envois"
    lectures: bool = False

    @property
    def phrase(self) -> str:
        return (
            f"Le portail accepte au plus {self.maximum} {self.quoi} en {_DUREES[self.duree]} pour {self.par.value}, et "
            "ce nombre est atteint."
        )


# What a signed-in person does on a view that says nothing.
GESTES = Limite("gestes", PERSONNE, 1_000, HEURE)


def limite(
    nom: str, par: Par, maximum: int, duree: timedelta, *, quoi: str = "envois", lectures: bool = False
) -> Callable[[V], V]:
    """Declare a limit of a view. Several may be: each counts."""

    def decorer(vue: V) -> V:
        posee = Limite(nom, par, maximum, duree, quoi, lectures)
        vue.limites = (*limites_de(vue), posee)  # type: ignore[attr-defined]
        return vue

    return decorer


def limites_de(vue: Any) -> tuple[Limite, ...]:
    posees: tuple[Limite, ...] = getattr(vue, "limites", ())
    return posees


def se_compte(vue: V) -> V:
    """Declare a view that counts by itself, and lets in who must be whatever others do from the same network."""
    vue.se_compte = True  # type: ignore[attr-defined]
    return vue


def ferme_par(cle: Interrupteur.Cle) -> Callable[[V], V]:
    """Declare the switch that closes what the view does."""

    def decorer(vue: V) -> V:
        vue.ferme_par = cle  # type: ignore[attr-defined]
        return vue

    return decorer


def sans_ecriture(vue: V) -> V:
    """Declare a view that works while the portal is read only: it lets people in and out, or keeps nothing but how
    somebody reads the portal.
    """
    vue.sans_ecriture = True  # type: ignore[attr-defined]
    return vue
