"""Asking the parts for their state without ever waiting long: one thread asks each group, everybody reads its answer.

A base or a store that hangs holds one thread, however many ask; an answer serves for a second, however many ask.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connection, connections, transaction

from segurnum.base.postgresql.base import reserver_aux_sondes
from segurnum.installation import sante
from segurnum.installation.jugement import Constat, Controle, Etat, a_corriger

DELAI = 2.0  # seconds that an answer is waited for
# Told by the server itself, so that what is no longer waited for ends.
_BORNE = f"SET LOCAL statement_timeout = {int(DELAI * 1000)}"


@dataclass(frozen=True)
class Sonde:
    """What a part answered, and in how long (milliseconds)."""

    controle: Controle
    constat: Constat
    duree: float

    @property
    def en_marche(self) -> bool:
        return self.constat.etat is not Etat.A_CORRIGER


class _Course:
    """One asking of a group."""

    def __init__(self) -> None:
        self.debut = time.monotonic()
        self.finie = threading.Event()
        self.sondes: list[Sonde] = []

    def attendre(self) -> list[Sonde] | None:
        reste = self.debut + DELAI - time.monotonic()
        return self.sondes if self.finie.wait(max(reste, 0)) else None


class Mesure:
    """A group of probes, and the last time that they were asked."""

    def __init__(self, demander: Callable[[], list[Sonde]]) -> None:
        self._demander = demander
        self._verrou = threading.Lock()
        self._derniere: _Course | None = None

    def commencer(self) -> _Course:
        """The asking under way, or the one that has just ended; a new one otherwise."""
        with self._verrou:
            course = self._derniere
            if course is None or (course.finie.is_set() and self._est_vieille(course)):
                course = _Course()
                try:
                    threading.Thread(target=self._courir, args=(course,), daemon=True).start()
                except (
                    RuntimeError
                ):  # this process may have no other thread now: no answer, and the next one asks
                    return course
                self._derniere = course
            return course

    def _est_vieille(self, course: _Course) -> bool:
        return time.monotonic() - course.debut >= settings.SONDES_DUREE

    def _courir(self, course: _Course) -> None:
        try:
            reserver_aux_sondes()
            course.sondes = self._demander()
        finally:
            try:
                connections.close_all()  # given back to the pool
            finally:
                course.finie.set()


def prete() -> bool:
    """Whether this process can serve pages: its database answers it. Pages that hold every connection are no outage."""
    sondes = _PRETE.commencer().attendre()
    return sondes is not None and all(sonde.en_marche for sonde in sondes)


def etat() -> list[Sonde]:
    """Every probe. A group that does not answer in time is told as such."""
    courses = {groupe: mesure.commencer() for groupe, mesure in _MESURES.items()}
    return [sonde for groupe, course in courses.items() for sonde in course.attendre() or _muettes(groupe)]


def alarmes() -> list[str]:
    """What is wrong now, a sentence each: what the administration reads on its first page."""
    return [f"{sonde.controle.titre} : {sonde.constat.texte}" for sonde in etat() if not sonde.en_marche]


def _muettes(groupe: str) -> list[Sonde]:
    muette = a_corriger(
        f"Aucune réponse en {DELAI:.0f} secondes.", "Vérifiez que cette partie répond, et le réseau."
    )
    return [Sonde(controle, muette, DELAI * 1000) for controle in sante.SONDES[groupe]]


def _sonder(controles: Iterable[Controle], executer: Callable[[Controle], Constat]) -> list[Sonde]:
    sondes = []
    for controle in controles:
        debut = time.perf_counter()
        try:
            constat = executer(controle)
        except Exception as erreur:
            constat = a_corriger(f"Sans réponse ({type(erreur).__name__}).", "Vérifiez que la base répond.")
        sondes.append(Sonde(controle, constat, round((time.perf_counter() - debut) * 1000, 1)))
    return sondes


def _bornee(controle: Controle) -> Constat:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(_BORNE)
        return controle.executer()


def _telle_quelle(controle: Controle) -> Constat:
    return controle.executer()


def _du_groupe(groupe: str) -> list[Sonde]:
    return _sonder(sante.SONDES[groupe], _bornee if groupe == sante.EN_BASE else _telle_quelle)


_PRETE = Mesure(lambda: _sonder((sante.BASE,), _bornee))
_MESURES = {groupe: Mesure(partial(_du_groupe, groupe)) for groupe in sante.SONDES}
