"""The command line: one module per command, whose heavy imports wait until it runs."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from segurnum.cli import (
    agent,
    annuaire,
    bench,
    captures,
    controles,
    convertir,
    couloir,
    demo,
    django,
    endurance,
    essai_deploiement,
    exigences,
    fuzz,
    grand_livre,
    horloge,
    journal,
    modele,
    ouvrier,
    qualite,
    recepisse,
    referentiel,
    repertoires,
    sauvegarde,
    securite,
    test,
    verifier,
)

COMMANDES = (
    demo,
    agent,
    securite,
    verifier,
    controles,
    convertir,
    modele,
    couloir,
    journal,
    recepisse,
    grand_livre,
    annuaire,
    referentiel,
    repertoires,
    sauvegarde,
    horloge,
    ouvrier,
    django,
    test,
    qualite,
    bench,
    captures,
    fuzz,
    endurance,
    essai_deploiement,
    exigences,
)
USAGE_IMPOSSIBLE = 2
INTERROMPU = 130


class Analyseur(argparse.ArgumentParser):
    """argparse speaks English: the few sentences that a person meets are said in French."""

    def error(self, message: str) -> None:  # type: ignore[override]
        for anglais, francais in (
            ("the following arguments are required", "il manque"),
            ("unrecognized arguments", "arguments inconnus"),
            ("invalid choice", "choix inconnu"),
            ("choose from", "choix possibles"),
            ("expected one argument", "il faut une valeur"),
            ("invalid int value", "un nombre entier est attendu, pas"),
        ):
            message = message.replace(anglais, francais)
        self.exit(USAGE_IMPOSSIBLE, f"{self.prog} : {message}\nAide : {self.prog} --help\n")


def analyseur() -> argparse.ArgumentParser:
    racine = Analyseur(
        prog="segurnum",
        usage="segurnum COMMANDE [options]",
        description="Portail Ségur Numérique : dépôt, instruction, décision et paiement des financements.",
        epilog="« segurnum COMMANDE --help » donne le détail d'une commande.",
        add_help=False,
    )
    _aide_en_francais(racine)
    sous_commandes = racine.add_subparsers(
        title="commandes", metavar="COMMANDE", required=True, prog="segurnum", parser_class=_SousAnalyseur
    )
    for commande in COMMANDES:
        commande.ajouter(sous_commandes)
    return racine


class _SousAnalyseur(Analyseur):
    def __init__(self, **options: object) -> None:
        avec_aide = options.pop("add_help", True)
        super().__init__(add_help=False, **options)  # type: ignore[arg-type]
        if avec_aide:
            _aide_en_francais(self)


def _aide_en_francais(analyseur: argparse.ArgumentParser) -> None:
    analyseur._positionals.title = "arguments"
    analyseur._optionals.title = "options"
    analyseur.add_argument("-h", "--help", action="help", help="montre cette aide")


def principal(argv: Sequence[str] | None = None) -> int:
    """Run a command; the returned number is the exit status."""
    arguments = analyseur().parse_args(sys.argv[1:] if argv is None else argv)
    executer: Callable[[argparse.Namespace], int] = arguments.executer
    signal.signal(signal.SIGTERM, _terminer)
    from segurnum.lanceur.binaires import LanceurErreur

    try:
        return executer(arguments)
    except LanceurErreur as erreur:
        print(f"segurnum : {erreur}", file=sys.stderr)
        return USAGE_IMPOSSIBLE
    except BrokenPipeError:
        # Whoever read our output (`| head`) has read enough; nothing is left to be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERROMPU
    except KeyboardInterrupt:
        return INTERROMPU


def _terminer(numero: int, _cadre: FrameType | None) -> None:
    """SIGTERM unwinds like Ctrl-C, so that what was started is stopped."""
    raise SystemExit(128 + numero)
