"""`segurnum endurance`: people at work while everything that the portal leans on falls."""

import argparse
import os
import subprocess
import sys

from segurnum.cli.communs import RACINE, ajouter_donnees, outil_absent

# The options of random lives, which those of outages do without.
VIES = ("nombre", "graine", "lot", "processus")


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "endurance",
        help="fait travailler des gens pendant que tout tombe en panne tour à tour, puis compare ce qui reste",
        description="Démarre une installation à part (base, deux programmes web, deux ouvriers, stockage S3, serveur "
        "d'envoi, antivirus), y fait travailler des fournisseurs et des agents, et provoque des pannes l'une après "
        "l'autre. Rend 1 si quoi que ce soit est perdu, double, à moitié fait ou en attente, avec la liste.",
    )
    ajouter_donnees(analyseur)
    analyseur.add_argument(
        "quoi",
        nargs="?",
        choices=("pannes", "vies"),
        default="pannes",
        help="« vies » : des vies de dossiers tirées au sort, sans panne, jugées après chaque geste",
    )
    analyseur.add_argument("--nombre", help="nombre de vies (par défaut : 1000)")
    analyseur.add_argument("--lot", help="premier lot de vies, pour rejouer celui qu'une faute a dit")
    analyseur.add_argument("--processus", help="lots de vies vécus en même temps (par défaut : un par cœur)")
    analyseur.add_argument("--pannes", default="24", metavar="N", help="nombre de pannes (par défaut : 24)")
    analyseur.add_argument("--graine", help="la même graine refait les mêmes gestes et les mêmes pannes")
    analyseur.add_argument(
        "--genre", action="append", metavar="MOT", help="ne garde que les pannes dont le nom contient ce mot"
    )
    analyseur.add_argument(
        "--fournisseurs", help="entreprises qui déposent ensemble, de 1 à 5 (par défaut : 3)"
    )
    analyseur.add_argument("--duree-max", help="durée d'une panne, en secondes (par défaut : 3)")
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("moto"):
        return 2
    if arguments.quoi == "vies":
        return _vivre(arguments)
    dossier = arguments.donnees.resolve() / "endurance"
    commande = [sys.executable, "-m", "endurance", "--pannes", arguments.pannes, "--dossier", str(dossier)]
    commande += _donnees(arguments, "graine", "fournisseurs", "duree_max")
    for genre in arguments.genre or ():
        commande += ["--genre", genre]
    # What falls is the campaign's own: a database that somebody gave by DATABASE_URL is never touched.
    environnement = {nom: valeur for nom, valeur in os.environ.items() if nom != "DATABASE_URL"}
    return subprocess.run(commande, cwd=RACINE, env=environnement, check=False).returncode


def _vivre(arguments: argparse.Namespace) -> int:
    from segurnum.lanceur.environnement import application

    commande = [sys.executable, "-m", "endurance.vies", *_donnees(arguments, *VIES)]
    with application(arguments.donnees.resolve() / "endurance", proprietaire=True):
        return subprocess.run(commande, cwd=RACINE, check=False).returncode


def _donnees(arguments: argparse.Namespace, *noms: str) -> list[str]:
    """The options that were given, as the program takes them."""
    donnees = ((f"--{nom.replace('_', '-')}", getattr(arguments, nom)) for nom in noms)
    return [mot for option, valeur in donnees if valeur for mot in (option, valeur)]
