"""`segurnum couloir`: judge the declarations of the couloirs, and begin a new one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segurnum.cli.communs import PAQUET

if TYPE_CHECKING:
    from segurnum.couloirs import Couloir


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand."""
    analyseur = sous_commandes.add_parser(
        "couloir",
        help="vérifie les déclarations des couloirs, ou en commence une",
        description="Un couloir est un fichier de src/segurnum/couloirs : tout le reste en découle.",
    )
    gestes = analyseur.add_subparsers(dest="geste", required=True, metavar="GESTE")
    verifier = gestes.add_parser("verifier", help="dit de chaque couloir ce qui est juste et ce qui manque")
    verifier.add_argument(
        "code", nargs="*", metavar="CODE", help="PHA-LGO ou DSR-PHA-LGO-Va1 ; tous par défaut"
    )
    verifier.set_defaults(executer=executer_verifier)
    nouveau = gestes.add_parser("nouveau", help="écrit un premier fichier à compléter")
    nouveau.add_argument("code", metavar="CODE", help="couloir et logiciel, comme PHA-LGO")
    nouveau.add_argument(
        "--dossier", default=str(PAQUET / "couloirs"), help="où l'écrire ; celui des couloirs par défaut"
    )
    nouveau.set_defaults(executer=executer_nouveau)


def executer_verifier(arguments: argparse.Namespace) -> int:
    """Print each couloir and what is wrong with it; 1 when something is, 2 when a couloir is unknown."""
    from segurnum.controles.declarations import manques
    from segurnum.couloirs import CouloirInconnu, CouloirMalDeclare, dernier, tous

    try:
        declares = tous()
        nommes = [couloir for code in arguments.code for couloir in _vagues(dernier(code), code)]
    except CouloirMalDeclare as erreur:
        print(f"segurnum couloir : {erreur}", file=sys.stderr)
        return 1
    except CouloirInconnu as erreur:
        print(f"segurnum couloir : {erreur}", file=sys.stderr)
        return 2
    faux = False
    for couloir in nommes or declares:
        trouves = manques(couloir)
        faux = faux or bool(trouves)
        print(f"{couloir.dsr} ({couloir.libelle_vague}) : {'à corriger' if trouves else 'juste'}")
        for phrase in trouves:
            print(f"  - {phrase}")
    return 1 if faux else 0


def _vagues(couloir: Couloir, nom: str) -> list[Couloir]:
    """Every wave of a couloir that is named without one."""
    from segurnum.couloirs import tous

    return [autre for autre in tous() if autre.code == couloir.code == nom.upper()] or [couloir]


def executer_nouveau(arguments: argparse.Namespace) -> int:
    """Write the file and say what is to be chosen in it; 2 when there is nothing to write or nowhere."""
    from segurnum.couloirs.declaration import CODE
    from segurnum.couloirs.squelette import a_completer, squelette

    lu = CODE.fullmatch(arguments.code.upper())
    if lu is None:
        print(
            f"segurnum couloir : « {arguments.code} » n'est pas un code ; deux ou trois caractères pour le couloir, "
            "un tiret et des lettres pour le logiciel sont attendus, comme PHA-LGO.",
            file=sys.stderr,
        )
        return 2
    couloir, logiciel = lu.groups()
    fichier = Path(arguments.dossier) / f"{couloir.lower()}.py"
    texte = squelette(couloir, logiciel)
    try:
        with fichier.open("x", encoding="utf-8") as sortie:
            sortie.write(texte)
    except FileExistsError:
        print(
            f"segurnum couloir : {fichier} existe déjà ; ajoutez-y un Couloir à COULOIRS, ou choisissez un autre "
            "nom de fichier.",
            file=sys.stderr,
        )
        return 2
    except OSError as erreur:
        print(f"segurnum couloir : {fichier} ne peut pas être écrit : {erreur.strerror}.", file=sys.stderr)
        return 2
    print(f"{fichier} est écrit. Il reste à choisir :")
    for rang, ligne in a_completer(texte):
        print(f"  ligne {rang} : {ligne}")
    print(f"Puis : segurnum couloir verifier {couloir}-{logiciel}")
    return 0
