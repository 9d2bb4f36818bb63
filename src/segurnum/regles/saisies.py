"""Who may write a draft that several pages show: two tabs see each other, and a page never meets itself.

A page keeps its draft as it is typed, then sends it by a button. On a slow network these sendings arrive in any order,
and some after their page was left. Only another page is « un autre onglet ».
"""

from dataclasses import dataclass
from enum import Enum, auto

from segurnum.regles.erreurs import BrouillonModifie, SaisieDepassee

# No draft has it: a form that lost its version is refused as another tab's would be.
AUCUNE = -1


@dataclass(frozen=True)
class Envoi:
    """One sending. `version`: the draft's, when its page was made. `page`: which showing of the page, empty if it does
    not say. `rang`: of the sending among the page's own. `suit`: the page that the same tab has just left.
    """

    version: int
    page: str = ""
    rang: int = 0
    suit: str = ""


@dataclass(frozen=True)
class DernierEnvoi:
    """What a draft remembers of the sending that it holds: its version since, and from which page it came."""

    version: int = 0
    page: str = ""
    rang: int = 0


class Verdict(Enum):
    """What becomes of a sending."""

    A_GARDER = auto()
    DEPASSE = auto()  # its page has sent a newer one, which came first
    AUTRE_ONGLET = auto()


def juger(envoi: Envoi, tenu: DernierEnvoi) -> Verdict:
    """The same rank twice is the same page sent again, as a browser without script does: it is kept."""
    if envoi.page and envoi.page == tenu.page:
        return Verdict.DEPASSE if envoi.rang < tenu.rang else Verdict.A_GARDER
    if envoi.version == tenu.version or (tenu.page and envoi.suit == tenu.page):
        return Verdict.A_GARDER
    return Verdict.AUTRE_ONGLET


def succeder(envoi: Envoi, tenu: DernierEnvoi) -> DernierEnvoi:
    """What the draft remembers once it holds this sending. Raises SaisieDepassee or BrouillonModifie."""
    match juger(envoi, tenu):
        case Verdict.DEPASSE:
            raise SaisieDepassee
        case Verdict.AUTRE_ONGLET:
            raise BrouillonModifie
    return DernierEnvoi(tenu.version + 1, envoi.page, envoi.rang)
