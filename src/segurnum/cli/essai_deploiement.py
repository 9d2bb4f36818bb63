"""`segurnum essai-deploiement`: the documented installation on this machine, and a deposit through it."""

import argparse
import subprocess
import sys

from segurnum.cli.communs import RACINE, outil_absent


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "essai-deploiement",
        help="installe ici les fichiers de deploiement/ et y mène un dépôt, une partie arrêtée après l'autre",
        description="Installe dans un dossier jetable, sur des ports de cette machine, ce que décrit la "
        "documentation : PostgreSQL, HAProxy, nginx, ClamAV, deux nœuds, deux ouvriers. Un dépôt y est mené de bout "
        "en bout. Rend 1 si une étape n'est pas servie ou s'il a fallu envoyer deux fois, 2 si l'essai est impossible.",
    )
    analyseur.add_argument("--garder", action="store_true", help="garde le dossier et ses journaux")
    analyseur.add_argument(
        "--pannes", action="store_true", help="arrête ou tue chaque partie à son tour pendant le dépôt"
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("moto"):
        return 2
    commande = [sys.executable, "-m", "essai_deploiement"]
    commande += [f"--{nom}" for nom in ("garder", "pannes") if getattr(arguments, nom)]
    return subprocess.run(commande, cwd=RACINE, check=False).returncode
