"""`segurnum django …`: what manage.py does elsewhere, with the embedded database when none is given."""

import argparse
import signal
import sys

from segurnum.cli.communs import ajouter_donnees


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "django",
        help="lance une commande de Django (migrate, shell…)",
        usage="segurnum django [--donnees DOSSIER] COMMANDE [options de la commande]",
    )
    ajouter_donnees(analyseur)
    analyseur.add_argument("reste", nargs=argparse.REMAINDER, metavar="COMMANDE", help="commande et options")
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    from segurnum.lanceur.environnement import application

    proprietaire = arguments.reste[:1] == ["migrate"]
    with application(arguments.donnees, proprietaire=proprietaire) as serveur:
        if (
            serveur is None
        ):  # nothing of ours to stop: a process not yet ready for SIGTERM dies of it, as usual
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        execute_from_command_line(["segurnum django", *arguments.reste])
    sys.stdout.flush()
    return 0
