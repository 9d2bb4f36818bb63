"""`segurnum exigences`: which numbered requirements the tests show, and which they do not.

Only the numbers are kept; what each one asks is said by the test that shows it.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from segurnum.cli.communs import RACINE, outil_absent
from segurnum.essais import numeros
from segurnum.essais.numeros import GROUPES

if TYPE_CHECKING:
    import pytest


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "exigences", help="dit quelles exigences les tests montrent, par groupe"
    )
    analyseur.add_argument(
        "groupes",
        nargs="*",
        metavar="GROUPE",
        help=f"groupes à détailler ({', '.join(GROUPES)} ; tous par défaut)",
    )
    analyseur.set_defaults(executer=executer)


class Collecteur:
    """pytest plugin: counts the tests of each number."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()

    def pytest_collection_finish(self, session: "pytest.Session") -> None:
        for item in session.items:
            self.tests.update(numeros.de(item))


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("pytest"):
        return 2
    import pytest

    demandes = [groupe.upper() for groupe in arguments.groupes] or list(GROUPES)
    inconnus = [groupe for groupe in demandes if groupe not in GROUPES]
    if inconnus:
        print(f"Groupe inconnu : {', '.join(inconnus)}. Groupes : {', '.join(GROUPES)}.")
        return 2
    os.chdir(RACINE)
    collecteur = Collecteur()
    code = pytest.main(["--collect-only", "-p", "no:terminal"], plugins=[collecteur])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(
            "La collecte des tests a échoué : lancez « ./segurnum test --collect-only » pour en voir la cause."
        )
        return 1
    montrer(demandes, collecteur.tests)
    return 0


def montrer(groupes: Iterable[str], tests: Counter[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    tableau = Table("Groupe", "Montrées", "Non montrées", "Numéros non montrés", show_lines=False)
    total_montrees = total = 0
    for groupe in groupes:
        tous = range(1, GROUPES[groupe] + 1)
        absents = [rang for rang in tous if not tests[f"{groupe}-{rang:03}"]]
        montrees = len(tous) - len(absents)
        tableau.add_row(groupe, f"{montrees}/{len(tous)}", str(len(absents)), plages(absents) or "–")
        total_montrees += montrees
        total += len(tous)
    console = Console()
    console.print(tableau)
    console.print(f"{total_montrees} exigences sur {total} sont montrées par un test.")


def plages(rangs: list[int]) -> str:
    """[1, 2, 3, 7] -> "001-003, 007"."""
    suites: list[list[int]] = []
    for rang in rangs:
        if suites and rang == suites[-1][-1] + 1:
            suites[-1].append(rang)
        else:
            suites.append([rang])
    return ", ".join(f"{s[0]:03}" if len(s) == 1 else f"{s[0]:03}-{s[-1]:03}" for s in suites)
