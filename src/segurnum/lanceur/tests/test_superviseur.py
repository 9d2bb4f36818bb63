"""The supervisor restarts what dies and stops what it started."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from segurnum.lanceur.superviseur import Programme, Superviseur

ATTENDRE = [sys.executable, "-c", "import signal; signal.pause()"]


def jusqua(condition: Callable[[], bool], superviseur: Superviseur) -> None:
    fin = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < fin
        superviseur.surveiller()


def test_a_process_that_dies_is_restarted_and_all_are_stopped(tmp_path: Path) -> None:
    phrases: list[str] = []
    programme = Programme("web", ATTENDRE, tmp_path / "web.log")
    superviseur = Superviseur([programme], phrases.append)
    superviseur.demarrer()
    premier = programme.processus
    assert premier is not None
    premier.kill()
    jusqua(lambda: programme.processus not in (None, premier), superviseur)
    assert phrases
    assert "« web »" in phrases[0]
    superviseur.arreter()
    assert not programme.vivant


def test_a_process_that_keeps_dying_waits_longer_each_time(tmp_path: Path) -> None:
    programme = Programme("web", [sys.executable, "-c", ""], tmp_path / "web.log", attente=0.01)
    superviseur = Superviseur([programme], lambda phrase: None)
    superviseur.demarrer()
    jusqua(lambda: programme.attente >= 0.08, superviseur)
    superviseur.arreter()
