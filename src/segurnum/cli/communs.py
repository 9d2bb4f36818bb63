"""What several commands share."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def django_pret(donnees: Path) -> Iterator[None]:
    """Django on the database of this installation. Its connections are closed before an embedded server stops."""
    from segurnum.lanceur.environnement import application

    with application(donnees):
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
