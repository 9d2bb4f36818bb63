"""`segurnum modele`: the blank model or a filled example of a couloir, generated from its declaration."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand."""
    analyseur = sous_commandes.add_parser(
        "modele",
        help="écrit le modèle vierge ou un exemple rempli du fichier JSON d'un couloir",
        description="Écrit sur la sortie standard le modèle vierge, ou un exemple rempli, d'un couloir.",
    )
    analyseur.add_argument("dsr", metavar="DSR", help="DSR-MS1-DUI-Va1 ou MS1-DUI")
    analyseur.add_argument("--type", choices=("avance", "solde"), default="avance", help="avance par défaut")
    analyseur.add_argument(
        "--exemple", action="store_true", help="un exemple rempli plutôt que le modèle vierge"
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    """Print the model; 2 when the couloir is unknown."""
    from segurnum.controles.ecriture import ecrire_json
    from segurnum.couloirs import CouloirInconnu, trouver
    from segurnum.couloirs.vierges import exemple, fichier_vierge
    from segurnum.regles.cycles import TypeDemande

    try:
        couloir = trouver(arguments.dsr)
    except CouloirInconnu as erreur:
        print(f"segurnum modele : {erreur}", file=sys.stderr)
        return 2
    ecrire = exemple if arguments.exemple else fichier_vierge
    print(ecrire_json(ecrire(couloir, TypeDemande(arguments.type.upper()))), end="")
    return 0
