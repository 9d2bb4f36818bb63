"""What was counted during a campaign, by many threads at once, and what is wrong at its end."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

_NUMERO = re.compile(r"(?<=/)(?:\d+|FIN\w+)(?=/|$)")
AUCUNE = "aucune panne"


def route(chemin: str) -> str:
    """An address without its query nor what names one thing: « /segurnums/importations/…/pieces »."""
    return _NUMERO.sub("…", chemin.partition("?")[0])


@dataclass
class Acquis:
    """What the portal acknowledged: it must be there at the end, once."""

    imports: dict[int, int] = field(default_factory=dict)  # deposit -> simulation
    archives: set[tuple[int, str]] = field(default_factory=set)  # deposit, SHA-256 of the ZIP
    termines: set[int] = field(default_factory=set)
    gestes: set[tuple[str, str]] = field(default_factory=set)  # request, gesture (as the journal names it)
    pieces: set[tuple[str, str]] = field(default_factory=set)  # request, name of the piece


@dataclass
class Bilan:
    """Figures. `differences`: the sentences that make the campaign fail, told as they are found."""

    dire: Callable[[str], object] = print
    pannes: Counter[str] = field(default_factory=Counter)
    gestes: Counter[str] = field(default_factory=Counter)  # acknowledged
    reprises: Counter[str] = field(default_factory=Counter)  # sent again, not being shown as done
    retrouves: Counter[str] = field(default_factory=Counter)  # not acknowledged, and shown as done
    doubles: int = 0
    pages: int = 0
    coupures: int = 0
    erreurs: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # status, address, outage
    morts: Counter[tuple[str, int]] = field(default_factory=Counter)  # programs that ended by themselves
    indisponibilite: float = 0.0  # seconds, the longest that a person waited for a page
    retours: dict[str, float] = field(default_factory=dict)  # seconds until all is back, by outage
    verifies: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    acquis: Acquis = field(default_factory=Acquis)
    panne: str = AUCUNE
    duree: float = 0.0
    verrou: Lock = field(default_factory=Lock)

    def page(self, statut: int, chemin: str) -> None:
        with self.verrou:
            self.pages += 1
            if statut >= 500 or statut == 429:
                self.erreurs[statut, route(chemin), self.panne] += 1

    def coupure(self) -> None:
        with self.verrou:
            self.coupures += 1

    def compter(self, compteur: Counter[str], nom: str) -> None:
        with self.verrou:
            compteur[nom] += 1

    def mort(self, programme: str, code: int) -> None:
        with self.verrou:
            self.morts[programme, code] += 1

    def differe(self, phrase: str) -> None:
        with self.verrou:
            self.differences.append(phrase)
        self.dire(f"DIFFÉRENCE : {phrase}")

    def attendu(self, secondes: float) -> None:
        with self.verrou:
            self.indisponibilite = max(self.indisponibilite, secondes)

    @contextmanager
    def en_panne(self, nom: str) -> Iterator[None]:
        """What happens meanwhile is told with this outage's name."""
        self.panne = nom
        self.compter(self.pannes, nom)
        try:
            yield
        finally:
            self.panne = AUCUNE

    def revenu(self, nom: str, depuis: float) -> None:
        """All is back; `depuis`: the monotonic instant when the outage ended."""
        self.retours[nom] = max(self.retours.get(nom, 0.0), time.monotonic() - depuis)

    @property
    def pages_503(self) -> int:
        return sum(nombre for (statut, _, _), nombre in self.erreurs.items() if statut == 503)

    def juger_les_pages(self) -> None:
        """Only one error of the server's may be shown: 503, during an outage or right after it."""
        for (statut, chemin, panne), nombre in sorted(self.erreurs.items()):
            if statut >= 500 and statut != 503:
                self.differe(f"{nombre} page(s) {statut} à {chemin} pendant « {panne} ».")

    def juger_les_programmes(self) -> None:
        """A unit restarts what fails, and not what ends with 0: such a program stays dead."""
        for (programme, code), nombre in sorted(self.morts.items()):
            if code == 0:
                self.differe(
                    f"Le programme « {programme} » s'est arrêté de lui-même {nombre} fois avec le code 0 : rien ne "
                    "le relèverait."
                )


def ecrire(bilan: Bilan, graine: str) -> str:
    """The figures, in French."""
    lignes = [
        f"Graine « {graine} » : {sum(bilan.pannes.values())} pannes en {bilan.duree:.0f} s.",
        "",
        f"{'panne':<44}{'fois':>6}{'retour au plus (s)':>20}",
    ]
    lignes += [
        f"{nom:<44}{nombre:>6}{bilan.retours.get(nom, 0.0):>20.1f}"
        for nom, nombre in sorted(bilan.pannes.items())
    ]
    lignes += ["", f"{'geste':<44}{'faits':>6}{'repris':>9}{'retrouvés':>11}"]
    noms = sorted({*bilan.gestes, *bilan.reprises, *bilan.retrouves})
    lignes += [
        f"{nom:<44}{bilan.gestes[nom]:>6}{bilan.reprises[nom]:>9}{bilan.retrouves[nom]:>11}" for nom in noms
    ]
    chiffres = {
        "pages lues et formulaires envoyés": bilan.pages,
        "connexions coupées ou refusées": bilan.coupures,
        "pages « 503 »": bilan.pages_503,
        "doubles clics et seconds onglets": bilan.doubles,
        "programmes arrêtés d'eux-mêmes, puis relancés": sum(bilan.morts.values()),
        **bilan.verifies,
    }
    lignes += ["", *(f"{nom:<52}{nombre:>8}" for nom, nombre in chiffres.items())]
    lignes += [f"{'plus longue attente d’une page (s)':<52}{bilan.indisponibilite:>8.1f}"]
    lignes += [f"{'différences':<52}{len(bilan.differences):>8}"]
    return "\n".join(lignes + [f"  - {phrase}" for phrase in bilan.differences])
