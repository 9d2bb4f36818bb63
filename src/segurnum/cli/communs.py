"""What several commands share."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAQUET = Path(__file__).resolve().parents[1]
RACINE = PAQUET.parents[1]  # in a checkout
ADRESSE = "adresse"  # the file of an installation's folder that holds the address of its demonstration


def ajouter_donnees(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "--donnees",
        type=Path,
        # A command started by another works on the same installation.
        default=Path(os.environ.get("SEGURNUM_DONNEES", "var")),
        metavar="DOSSIER",
        help="dossier de la base, des fichiers et des journaux (par défaut : ./var, ou SEGURNUM_DONNEES)",
    )


def ajouter_gestes(sous_commandes: Any, nom: str, aide: str) -> Any:
    """Register a command that is followed by one of its gestures; returns what these are added to."""
    analyseur = sous_commandes.add_parser(nom, help=aide)
    return analyseur.add_subparsers(
        title="gestes", metavar="GESTE", required=True, parser_class=type(analyseur), prog=f"segurnum {nom}"
    )


def ajouter_geste(
    analyseur: argparse.ArgumentParser,
    executer: Callable[[argparse.Namespace], int],
    faire: Callable[[argparse.Namespace], None],
) -> None:
    """A gesture on an installation: `executer` opens it and says what is refused, `faire` does it."""
    ajouter_donnees(analyseur)
    analyseur.set_defaults(executer=executer, faire=faire)


@contextmanager
def django_pret(donnees: Path, *, proprietaire: bool = False) -> Iterator[None]:
    """Django on the database of this installation. Its connections are closed before an embedded server stops.

    `proprietaire`: as the role that owns the embedded one.
    """
    from segurnum.lanceur.environnement import application

    with application(donnees, proprietaire=proprietaire):
        import django

        django.setup()
        from django.db import connections
        from django.db.backends.postgresql.base import DatabaseWrapper

        try:
            yield
        finally:
            connexion = connections["default"]
            connexion.close()
            if isinstance(connexion, DatabaseWrapper):
                connexion.close_pool()


def outil_absent(module: str) -> bool:
    """Say, when the development tools are not there, which command brings them."""
    if importlib.util.find_spec(module) is not None:
        return False
    print(
        "segurnum : les outils de développement ne sont pas installés ici ; lancez cette commande par "
        "« ./segurnum » depuis une copie des sources, qui les installe.",
        file=sys.stderr,
    )
    return True
