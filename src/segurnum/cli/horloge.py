"""`segurnum horloge --jusqu-a DATE`: has a demonstration travel in time, and see its delays end."""

import argparse
import os
import sys
from datetime import date

from segurnum.cli.communs import ADRESSE, ajouter_donnees

IMPOSSIBLE = 2


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "horloge", help="avance l'horloge d'une démonstration : rappels, échéances, clôtures"
    )
    analyseur.add_argument(
        "--jusqu-a",
        required=True,
        metavar="DATE",
        help="jour voulu, comme 15/12/2026 (fin de journée) ; l'horloge ne revient pas en arrière",
    )
    ajouter_donnees(analyseur)
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    from segurnum.lanceur.environnement import application
    from segurnum.regles.calendrier import fin_de_journee, instant_long

    try:
        voulu = fin_de_journee(_lire(arguments.jusqu_a))
    except ValueError as erreur:
        return _refuser(str(erreur))
    if os.environ.get("DATABASE_URL") and os.environ.get("SEGURNUM_DEMO") != "1":
        return _refuser(
            "DATABASE_URL désigne une base qui ne se dit pas de démonstration (SEGURNUM_DEMO=1) : son horloge ne "
            "s'avance pas."
        )
    os.environ["SEGURNUM_DEMO"] = "1"
    adresse = arguments.donnees / ADRESSE
    if adresse.exists():
        os.environ.setdefault("SEGURNUM_ADRESSE", adresse.read_text())
    with application(arguments.donnees):
        import django

        django.setup()
        from segurnum.entretien import horloge
        from segurnum.installation.queries import est_une_demonstration
        from segurnum.regles.erreurs import GesteImpossible

        if not est_une_demonstration():
            return _refuser("cette installation n'est pas une démonstration : son horloge ne s'avance pas.")
        try:
            horloge.voyager(
                jusqu_a=voulu, dire=lambda instant: print(f"… {instant_long(instant)}", flush=True)
            )
        except GesteImpossible as refus:
            return _refuser(str(refus))
    print(f"L'horloge de la démonstration est au {instant_long(voulu)}.")
    return 0


def _lire(texte: str) -> date:
    from segurnum.regles.calendrier import lire_date_fr

    try:
        return date.fromisoformat(texte)
    except ValueError:
        return lire_date_fr(texte)


def _refuser(phrase: str) -> int:
    print(f"segurnum horloge : {phrase}", file=sys.stderr)
    return IMPOSSIBLE
