"""Lives are drawn by Hypothesis, which tells the shortest one that breaks a law."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from unittest import mock

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from segurnum.comptes.models import Profil
from segurnum.essais.vies import joueurs  # noqa: F401 - they say themselves in JOUEURS
from segurnum.essais.vies.gestes import JOUEURS, SUITES, TABLES, nom_de
from segurnum.essais.vies.monde import AGENTS, FOURNISSEURS, PERSONNES, Monde
from segurnum.essais.vies.releve import Releve
from segurnum.essais.vies.vie import SAUTS, Vie
from segurnum.regles.calendrier import PARIS

# The last minutes of a year, both nights of clock change, the end of a February of 29 days, an ordinary morning.
DEPARTS = (
    datetime(2026, 6, 15, 10, 0, tzinfo=PARIS),
    datetime(2026, 12, 31, 23, 50, tzinfo=PARIS),
    datetime(2026, 10, 25, 1, 30, tzinfo=PARIS),
    datetime(2027, 3, 28, 1, 30, tzinfo=PARIS),
    datetime(2028, 2, 29, 23, 59, tzinfo=PARIS),
)
BUDGETS = tuple(map(Decimal, ("15000.00", "400000.00", "0.01", "5000.00")))
ESSAIS = tuple(
    (table, geste)
    for table in TABLES
    for geste in dict.fromkeys(passage.geste for passage in table.passages)
    if nom_de(geste) in JOUEURS
)
HASARD = st.integers(0, 2**24)
DEPOSANT = st.sampled_from(("fanny", "fanny", "felix"))
QUI, RANG = st.sampled_from(PERSONNES), st.integers(0, 7)
# What people do as the tables allow; and what they do when nothing is wrong: without it, few lives would reach their
# payment, and fewer a solde or a recovery.
SUITE = st.lists(HASARD, max_size=6)
CHEMIN = st.sampled_from((0, 5, 5, 2, 4))
PAS = 10


class Vies(RuleBasedStateMachine):
    """One run of it is one life. `monde` and `releve` are those of the campaign."""

    monde: ClassVar[Monde]
    releve: ClassVar[Releve]

    def __init__(self) -> None:
        super().__init__()
        self.vie: Vie | None = None

    @initialize(
        depart=st.sampled_from(DEPARTS),
        depots=st.lists(st.tuples(DEPOSANT, HASARD, CHEMIN), min_size=1, max_size=2),
        hasards=SUITE,
    )
    def naitre(self, depart: datetime, depots: list[tuple[str, int, int]], hasards: list[int]) -> None:
        self.vie = Vie(self.monde, self.releve, depart)
        for qui, hasard, pas in depots:
            self.vie.deposer(qui, hasard)
            self.vie.mener(hasard, pas)
        self.poursuivre(hasards)

    @rule(qui=st.sampled_from(tuple(FOURNISSEURS)) | QUI, hasard=HASARD)
    def deposer(self, qui: str, hasard: int) -> None:
        self._vie.deposer(qui, hasard)

    @rule(rang=RANG, hasard=HASARD, pas=CHEMIN, hasards=SUITE)
    def solder(self, rang: int, hasard: int, pas: int, hasards: list[int]) -> None:
        self._vie.solder(rang, hasard)
        self._vie.mener(hasard, pas)
        self.poursuivre(hasards)

    @rule(rang=RANG, hasard=HASARD, pas=CHEMIN, hasards=SUITE)
    def recouvrer(self, rang: int, hasard: int, pas: int, hasards: list[int]) -> None:
        self._vie.recouvrer(rang, hasard)
        self._vie.mener(hasard, pas)
        self.poursuivre(hasards)

    @rule(hasard=HASARD, hasards=SUITE)
    def compenser(self, hasard: int, hasards: list[int]) -> None:
        self._vie.compenser(hasard)
        self.poursuivre(hasards)

    @rule(sur=st.sampled_from(tuple(SUITES)), hasard=HASARD, pas=CHEMIN)
    def mener(self, sur: str, hasard: int, pas: int) -> None:
        self._vie.mener(hasard, pas, sur)

    @rule(hasards=SUITE)
    def poursuivre(self, hasards: list[int]) -> None:
        for hasard in hasards:
            self._vie.poursuivre(hasard)

    @rule(essai=st.sampled_from(range(len(ESSAIS))), qui=QUI, rang=RANG, hasard=HASARD)
    def tenter(self, essai: int, qui: str, rang: int, hasard: int) -> None:
        table, geste = ESSAIS[essai]
        self._vie.tenter(table, geste, qui, rang, hasard)

    @rule(saut=st.sampled_from(SAUTS), hasards=SUITE)
    def attendre(self, saut: timedelta, hasards: list[int]) -> None:
        self._vie.attendre(saut)
        self._vie.balayer()
        self.poursuivre(hasards)

    @rule(
        qui=st.just("adele") | QUI,
        de_qui=st.sampled_from(tuple(AGENTS)),
        profil=st.sampled_from(tuple(dict.fromkeys(AGENTS.values()))) | st.sampled_from(Profil),
    )
    def changer_de_profil(self, qui: str, de_qui: str, profil: Profil) -> None:
        self._vie.changer_de_profil(qui, de_qui, profil)

    @rule(qui=st.just("adele") | QUI, montant=st.sampled_from(BUDGETS), hasard=HASARD)
    def regler_enveloppe(self, qui: str, montant: Decimal, hasard: int) -> None:
        self._vie.regler_enveloppe(qui, montant, hasard)

    @rule(qui=st.just("fanny") | QUI, rang=st.integers(0, 1), hasard=HASARD)
    def changer_de_compte(self, qui: str, rang: int, hasard: int) -> None:
        self._vie.changer_de_compte(qui, rang, hasard)

    @property
    def _vie(self) -> Vie:
        if self.vie is None:
            raise AssertionError("une vie commence par naître")
        return self.vie

    def teardown(self) -> None:
        if self.vie is not None:
            self.vie.finir()


@contextmanager
def _rien_que_la_graine() -> Iterator[None]:
    """Hypothesis also draws numbers that it reads in the program's modules, those that are loaded by then: the same
    seed would not make the same lives in another process, nor after any change."""
    with (
        mock.patch.object(providers, "_get_local_constants", Constants),
        mock.patch.object(providers, "CONSTANTS_CACHE", LRUCache(1024)),
    ):
        yield


def vivre(
    monde: Monde,
    nombre: int,
    *,
    graine: int | None = None,
    reduire: bool = True,
    releve: Releve | None = None,
) -> Releve:
    """Live so many lives; the same seed draws the same ones. Raises at the first law that is broken, with the life.

    `reduire`: look for the shortest life that breaks it. `releve`: what was lived before, which these add to.
    """
    releve = releve or Releve()
    machine = type("Vies", (Vies,), {"monde": monde, "releve": releve})
    if graine is not None:
        machine = seed(graine)(machine)
    reglages = settings(
        max_examples=nombre,
        stateful_step_count=PAS,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if reduire else (Phase.generate,),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with monde.lettres_lues(), _rien_que_la_graine():
        run_state_machine_as_test(machine, settings=reglages)
    return releve
