"""`segurnum modele`: the blank model or a filled example of a couloir, generated from its declaration."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segurnum.couloirs import Couloir
    from segurnum.regles.cycles import TypeDemande


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand."""
    analyseur = sous_commandes.add_parser(
        "modele",
        help="écrit le modèle vierge ou un exemple rempli du fichier JSON d'un couloir, ou son modèle de tableur",
        description="Écrit sur la sortie standard le modèle vierge, ou un exemple rempli, d'un couloir ; ou, dans un "
        "fichier, son modèle de tableur.",
    )
    analyseur.add_argument("dsr", metavar="DSR", help="DSR-MS1-DUI-Va1 ou MS1-DUI")
    analyseur.add_argument("--type", choices=("avance", "solde"), default="avance", help="avance par défaut")
    analyseur.add_argument(
        "--exemple", action="store_true", help="un exemple rempli plutôt que le modèle vierge"
    )
    analyseur.add_argument(
        "--tableur",
        type=Path,
        metavar="FICHIER.xlsx",
        help="écrit plutôt le modèle de tableur dans ce fichier",
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
    type_demande = TypeDemande(arguments.type.upper())
    if arguments.tableur:
        return _ecrire_le_tableur(arguments.tableur, couloir, type_demande)
    ecrire = exemple if arguments.exemple else fichier_vierge
    print(ecrire_json(ecrire(couloir, type_demande)), end="")
    return 0


def _ecrire_le_tableur(fichier: Path, couloir: Couloir, type_demande: TypeDemande) -> int:
    from segurnum.cli.verifier import phrase_du_disque
    from segurnum.tableurs import modele, plan_de

    try:
        fichier.write_bytes(modele(plan_de(couloir, type_demande)))
    except OSError as erreur:
        print(f"segurnum modele : {phrase_du_disque(erreur)}", file=sys.stderr)
        return 2
    print(f"Écrit : {fichier}", file=sys.stderr)
    return 0
