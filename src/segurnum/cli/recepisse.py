"""`segurnum recepisse verifier`: whether a receipt comes from the portal as it is. No base, no network, no setting."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from segurnum.cli.communs import ajouter_gestes
from segurnum.cli.verifier import phrase_du_disque

FAUX, INUTILISABLE = 1, 2


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its gesture."""
    gestes = ajouter_gestes(sous_commandes, "recepisse", "vérifie les récépissés que le portail a donnés")
    verifier = gestes.add_parser(
        "verifier",
        help="dit si des récépissés viennent du portail et n'ont pas été modifiés",
        description="Vérifie la signature de récépissés avec les certificats que le portail publie, sans réseau. "
        "Rend 0 si tous sont authentiques, 1 sinon, 2 si la commande est inutilisable.",
    )
    verifier.add_argument("recepisses", metavar="PDF", type=Path, nargs="+", help="les récépissés")
    verifier.add_argument(
        "--certificats",
        type=Path,
        metavar="FICHIER",
        required=True,
        help="les certificats publiés, téléchargés sur la page « Vérifier un récépissé » du portail",
    )
    verifier.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    """One line for each receipt."""
    from segurnum.editique.signature import SignatureRefusee, certificats_de, verifier

    try:
        certificats = certificats_de(arguments.certificats.read_bytes())
        lus = [(chemin, chemin.read_bytes()) for chemin in arguments.recepisses]
    except OSError as erreur:
        print(f"segurnum : {phrase_du_disque(erreur)}", file=sys.stderr)
        return INUTILISABLE
    except ValueError:
        print(f"segurnum : {arguments.certificats} n'est pas un fichier de certificats.", file=sys.stderr)
        return INUTILISABLE
    code = 0
    for chemin, pdf in lus:
        try:
            verifier(pdf, certificats)
        except SignatureRefusee as refus:
            print(f"{chemin} : {refus}")
            code = FAUX
        else:
            print(f"{chemin} : authentique, tel que le portail l'a signé.")
    return code
