"""`segurnum test`: installs what the tests need, then runs them all; pytest's summary is the last line."""

import argparse
import os
import sys

from segurnum.cli.communs import RACINE, outil_absent


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "test",
        help="installe ce qu'il faut aux tests (navigateur compris) et les lance tous",
        usage="segurnum test [options et chemins de pytest]",
        epilog="Exemples : « segurnum test src/segurnum/regles », « segurnum test -k avance -n 0 ».",
    )
    analyseur.add_argument(
        "reste", nargs=argparse.REMAINDER, metavar="…", help="options et chemins pour pytest"
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("pytest"):
        return 2
    from segurnum.lanceur import navigateur

    chemin = navigateur.installer(_dire)
    if chemin is None:
        os.environ[navigateur.SANS_NAVIGATEUR] = (
            "aucun navigateur : installez Chromium (sous Debian : « apt install chromium ») puis relancez"
        )
        _dire(f"Les tests de navigateur sont sautés ({os.environ[navigateur.SANS_NAVIGATEUR]}).")
    else:
        os.environ[navigateur.CHEMIN] = chemin
    os.chdir(RACINE)
    # The hundred programs that a run starts would each compile the portal again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.stdout.flush()
    # pytest takes the place of this process: its summary is the last line, its status is ours.
    # One process more than processors: who waits for a program or a browser leaves its own to another. And who has
    # nothing left takes from who has.
    partage = ("-n", str(len(os.sched_getaffinity(0)) + 1), "--dist", "worksteal")
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *partage, *arguments.reste])


def _dire(phrase: str) -> None:
    print(phrase, flush=True)
