"""`segurnum fuzz`: hostile inputs, made from good ones, until something breaks or the time is up."""

import argparse
import subprocess
import sys

from segurnum.cli.communs import RACINE, ajouter_donnees, outil_absent


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "fuzz",
        help="envoie au portail des fichiers et des formulaires hostiles, jusqu'à la première panne",
        description="Envoie des fichiers et des formulaires hostiles au moteur et aux pages, dans une base à part. "
        "Rend 1 à la première panne ou limite dépassée, et range le cas pour « --rejouer ».",
    )
    ajouter_donnees(analyseur)
    analyseur.add_argument("--minutes", default="1", help="durée de la campagne (par défaut : 1)")
    analyseur.add_argument("--graine", help="la même graine refait la même campagne (par défaut : la date)")
    analyseur.add_argument("--genre", help="json, zip, pdf, image ou formulaire (par défaut : tous)")
    analyseur.add_argument("--rejouer", metavar="FICHIER", help="essaie de nouveau un cas fautif")
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("hypothesis"):
        return 2
    from segurnum.lanceur.environnement import application

    dossier = arguments.donnees.resolve() / "fuzz"
    commande = [sys.executable, "-m", "fuzz", "--minutes", arguments.minutes, "--dossier", str(dossier)]
    for nom in ("graine", "genre", "rejouer"):
        valeur = getattr(arguments, nom)
        commande += [f"--{nom}", valeur] if valeur else []
    # Its inputs have no place in the demonstration's database.
    with application(dossier, proprietaire=True):
        return subprocess.run(commande, cwd=RACINE, check=False).returncode
