"""`segurnum ouvrier archives`: runs the jobs of a queue; 0 when it was asked to stop, 1 when it gave up."""

import argparse
import os
import signal
import sys

from segurnum.base.adresse import PROGRAMME, Programme
from segurnum.cli.communs import ajouter_donnees, django_pret
from segurnum.lanceur.ouvriers import FILES


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "ouvrier", help="fait les tâches de la file : contrôles de pièces (archives), courriels et échéances"
    )
    analyseur.add_argument("noms", nargs="+", choices=tuple(FILES), metavar="FILE", help=" ou ".join(FILES))
    ajouter_donnees(analyseur)
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    os.environ[PROGRAMME] = Programme.OUVRIER
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # asked to stop before it had begun
    with django_pret(arguments.donnees):
        from segurnum.entretien.ouvrier import travailler

        return travailler("-".join(arguments.noms), [file for nom in arguments.noms for file in FILES[nom]])
