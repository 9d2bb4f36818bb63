"""`segurnum bench`: the measures of bench/, as ratios taken in one run."""

import argparse
import subprocess
import sys

from segurnum.cli.communs import RACINE, ajouter_donnees, outil_absent


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "bench", help="mesure les performances et les compare à des références"
    )
    ajouter_donnees(analyseur)
    analyseur.add_argument("noms", nargs="*", metavar="MESURE", help="mesures à faire (par défaut : toutes)")
    for option, aide in (
        ("--rapide", "tailles et répétitions réduites"),
        ("--markdown", "écrit le tableau en Markdown"),
    ):
        analyseur.add_argument(
            option, dest="options", action="append_const", const=option, default=[], help=aide
        )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("jsonschema"):
        return 2
    from segurnum.lanceur.environnement import application

    commande = [sys.executable, "-m", "bench", *arguments.options, *arguments.noms]
    # A million requests have no place in the demonstration's database.
    with application(arguments.donnees / "bench", proprietaire=True):
        return subprocess.run(commande, cwd=RACINE, check=False).returncode
