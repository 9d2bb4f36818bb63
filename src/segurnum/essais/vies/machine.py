"""Lives are drawn by Hypothesis, which tells the shortest one that breaks a law."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from segurnum.comptes.models import Profil
from segurnum.essais.vies.gestes import JOUEURS, TABLES, nom_de
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
QUI, RANG = st.sampled_from(PERSONNES), st.integers(0, 7)
# What people do when nothing is wrong: without it, no life would reach its payment.
SUITE = st.lists(HASARD, max_size=16)
PAS = 10


class Vies(RuleBasedStateMachine):
    """One run of it is one life. `monde` and `releve` are those of the campaign."""

    monde: ClassVar[Monde]
    releve: ClassVar[Releve]

    def __init__(self) -> None:
        super().__init__()
        self.vie: Vie | None = None

    @initialize(
        depart=st.sampled_from(DEPARTS), depots=st.lists(HASARD, min_size=1, max_size=2), hasards=SUITE
    )
    def naitre(self, depart: datetime, depots: list[int], hasards: list[int]) -> None:
        self.vie = Vie(self.monde, self.releve, depart)
        for hasard in depots:
            self.vie.deposer("fanny", hasard)
        self.poursuivre(hasards)

    @rule(qui=st.sampled_from(tuple(FOURNISSEURS)) | QUI, hasard=HASARD)
    def deposer(self, qui: str, hasard: int) -> None:
        self._vie.deposer(qui, hasard)

    @rule(rang=RANG, hasard=HASARD, hasards=SUITE)
    def solder(self, rang: int, hasard: int, hasards: list[int]) -> None:
        self._vie.solder(rang, hasard)
        self.poursuivre(hasards)

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

    @rule(qui=st.just("adele") | QUI, montant=st.sampled_from(BUDGETS))
    def regler_enveloppe(self, qui: str, montant: Decimal) -> None:
        self._vie.regler_enveloppe(qui, montant)

    @rule(qui=st.just("fanny") | QUI, rang=st.integers(0, 1))
    def ajouter_un_compte(self, qui: str, rang: int) -> None:
        self._vie.ajouter_un_compte(qui, rang)

    @property
    def _vie(self) -> Vie:
        if self.vie is None:
            raise AssertionError("une vie commence par naître")
        return self.vie

    def teardown(self) -> None:
        if self.vie is not None:
            self.vie.finir()


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
    with monde.lettres_lues():
        run_state_machine_as_test(machine, settings=reglages)
    return releve
