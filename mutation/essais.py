"""The tests of each mutant, in a child of a process where everything is ready."""

import contextlib
import gc
import importlib
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from mutation import greffe
from mutation.mutants import Mutant

MEMOIRE = 6 << 30  # octets
TUE, SURVIVANT, TROP_LONG, A_IMPORTER, DOUTEUX = "tué", "survivant", "trop long", "à importer", "douteux"
LUES_APART = tuple(f"segurnum.{paquet}." for paquet in ("regles", "couloirs", "controles", "isolement"))
SORTIES = {0: SURVIVANT, 1: TUE, 3: A_IMPORTER}
Dire = Callable[[str], None]


@dataclass
class Epreuve:
    """A mutant, the tests that may notice it, in the order in which they run, and how long they take (seconds).

    `connus`: how many execute it, within the budget or not.
    """

    mutant: Mutant
    essais: list[str]
    duree: float
    connus: int


def bifurquer(faire: Callable[[Dire], int], duree: float) -> tuple[str, str]:
    """What became of `faire` in a child of its own, and the word that it told, without which nothing was killed.

    `duree`: of the same thing unbroken. It has ten times as long, and five seconds, of the processor; of the clock
    three times that, on a machine that does something else as well.
    """
    lu, ecrit = os.pipe()
    enfant = os.fork()
    if enfant == 0:
        os.setsid()
        calcul = int(10 * duree + 5)
        resource.setrlimit(resource.RLIMIT_CPU, (calcul, calcul))
        resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(3 * calcul)
        for sortie in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sortie)
        statut = -1
        try:
            statut = faire(lambda mot: os.write(ecrit, mot.encode()) and None)
        finally:
            os._exit(statut)
    _, statut = os.waitpid(enfant, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(enfant, signal.SIGKILL)  # what it had started
    os.close(ecrit)
    with os.fdopen(lu) as tube:
        mot = tube.read()
    if os.WIFSIGNALED(statut):
        return TROP_LONG, mot
    issue = SORTIES.get(os.WEXITSTATUS(statut), DOUTEUX)
    return (DOUTEUX if issue == TUE and not mot else issue), mot


class Essais:
    """pytest plugin: instead of its tests, a session tries these mutants. `noter`: what became of one, and by whom."""

    def __init__(
        self, epreuves: list[Epreuve], noter: Callable[[Epreuve, str, str], None], texte: Path
    ) -> None:
        self.epreuves, self.noter, self.texte = epreuves, noter, texte
        self.matrice: Any = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.suite = _Suite.from_parent(session, name="suite")
        self._preparer()
        for epreuve in self.epreuves:
            issue, qui = bifurquer(lambda dire: self._essayer(epreuve, dire), epreuve.duree)  # noqa: B023 - at once
            if issue == TUE and bifurquer(lambda dire: self._passer([qui], dire), 10)[0] != SURVIVANT:  # noqa: B023
                issue = DOUTEUX  # it fails unbroken too: it noticed nothing
            if issue in (DOUTEUX, TROP_LONG):  # stopped in the middle of something
                bifurquer(lambda _: self._rendre_la_base(), 60)
                self._preparer_une_matrice()
            self.noter(epreuve, issue, qui)
        return True

    def _preparer(self) -> None:
        """What is made once is made, by a test that needs the database; then no connection is left open."""
        base = [
            i for i in self.items.values() if {"db", "transactional_db"} & set(getattr(i, "fixturenames", ()))
        ]
        self.avec_une_base = base[:1]
        if base:
            runtestprotocol(base[0], log=False, nextitem=self.suite)
            from django.db import connection

            connection.close()
            connection.close_pool()
        for module in {epreuve.mutant.source.module for epreuve in self.epreuves}:
            importlib.import_module(module)  # some are when they are first needed
        self.vivantes = greffe.Vivantes()
        self._preparer_une_matrice()
        gc.collect()
        gc.freeze()  # a child that looks for what to forget does not copy all this

    def _preparer_une_matrice(self) -> None:
        """What reads files apart is started once for all the children that it is the same for."""
        from segurnum.isolement import atelier

        if self.matrice is not None:
            self.matrice.arreter()
        self.matrice = atelier.Matrice()
        self.matrice.processus.poll = lambda: None  # type: ignore[method-assign]  # no child of theirs

    def _essayer(self, epreuve: Epreuve, dire: Dire) -> int:
        if not self.vivantes.greffer(epreuve.mutant):
            return 3
        if epreuve.mutant.source.module.startswith(LUES_APART):
            _dans_les_enfants(epreuve.mutant, self.texte)
            return self._passer(epreuve.essais, dire, partager=False)
        return self._passer(epreuve.essais, dire)

    def _passer(self, essais: list[str], dire: Dire, *, partager: bool = True) -> int:
        """0 when they all pass; otherwise 1, and the first that does not is told."""
        from segurnum.isolement import atelier

        if partager:
            atelier._atelier.matrice = self.matrice
        items = [self.items[essai] for essai in essais if essai in self.items]
        for item, suivant in zip(items, [*items[1:], self.suite], strict=True):
            if any(rapport.failed for rapport in runtestprotocol(item, log=False, nextitem=suivant)):
                dire(item.nodeid)
                return 1
        return 0

    def _rendre_la_base(self) -> int:
        """A test that was stopped in the middle may have left it as nobody expects it."""
        from pytest_django.plugin import blocking_manager_key

        from segurnum.essais import base

        for item in self.avec_une_base:
            with item.config.stash[blocking_manager_key].unblock():
                base.remettre()
        return 0


class _Suite(pytest.Item):
    """What comes next, whatever that is: all but what the session holds is put away before. It never runs."""


def _dans_les_enfants(mutant: Mutant, texte: Path) -> None:
    """The processes that read files apart import the program themselves: they import it broken too."""
    from segurnum.isolement import atelier

    texte.write_text(mutant.texte(), encoding="utf-8")
    quoi = (mutant.source.module, str(mutant.source.fichier), str(texte))
    atelier._DEPART = (
        f"import sys; sys.path.append({str(Path(__file__).parents[1])!r}); "
        f"from mutation.greffe import installer; installer(*{quoi!r}); {atelier._DEPART}"
    )


def par_un_import(
    epreuve: Epreuve, options: list[str], texte: Path, *, brise: bool = True
) -> tuple[str, str]:
    """For a mutant that is not in a function: a child imports the whole program with it, if it is `brise`."""

    def faire(dire: Dire) -> int:
        for nom in [nom for nom in sys.modules if nom.startswith("segurnum")]:
            del sys.modules[nom]
        source, premier = epreuve.mutant.source, _Premier()
        texte.write_text(epreuve.mutant.texte() if brise else source.texte, encoding="utf-8")
        greffe.installer(source.module, str(source.fichier), str(texte))
        if pytest.main([*options, "-x", *epreuve.essais], plugins=[premier]) == pytest.ExitCode.OK:
            return 0
        dire(premier.nom)
        return 1

    return bifurquer(faire, epreuve.duree + 20)


class _Premier:
    """pytest plugin: the first test that fails, if it is one."""

    nom = "l'import"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.nom = report.nodeid
