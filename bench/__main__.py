"""`python -m bench [--rapide] [--markdown] [MESURE…]`: takes the measures and prints their table."""

import argparse
import importlib
import sys

from bench.base import base_de_mesure

MESURES = {
    "controle": "contrôle d'un fichier de 200 demandes",
    "conversion": "conversion d'un tableur de 10 000 lignes",
    "importation": "import de 200 demandes",
    "annuaire": "import d'un extrait national de l'Annuaire Santé",
    "archive": "réception d'un ZIP de 200 Mo",
    "completer": "ZIP qui complète 200 demandes",
    "liste": "tableau des demandes jusqu'à un million",
    "trouver": "recherche et exports d'un compte de 200 000 demandes",
    "accueil": "accueil et demandes à décider jusqu'à un million",
    "preuves": "journal et grand livre vérifiés",
}


def principal() -> int:
    analyseur = argparse.ArgumentParser(
        prog="segurnum bench", description="Mesures de performance, en rapports."
    )
    noms = " ; ".join(f"{nom} ({titre})" for nom, titre in MESURES.items())
    analyseur.add_argument("noms", nargs="*", metavar="MESURE", help=f"parmi : {noms}")
    analyseur.add_argument("--rapide", action="store_true", help="tailles et répétitions réduites")
    analyseur.add_argument("--markdown", action="store_true", help="écrit le tableau en Markdown")
    arguments = analyseur.parse_args()
    inconnues = set(arguments.noms) - set(MESURES)
    if inconnues:
        analyseur.error(
            f"mesure inconnue : {', '.join(sorted(inconnues))} ; mesures possibles : {', '.join(MESURES)}"
        )
    with base_de_mesure():
        from bench import rendu
        from bench.mesures import Ligne, Reglages

        reglages = Reglages(
            rapide=arguments.rapide, dire=lambda phrase: print(phrase, file=sys.stderr, flush=True)
        )
        lignes: list[Ligne] = []
        for nom in arguments.noms or MESURES:
            reglages.dire(f"Mesure : {MESURES[nom]}…")
            lignes += importlib.import_module(f"bench.{nom}").mesurer(reglages)
        rendu.ecrire(lignes, markdown=arguments.markdown)
    return 0


if __name__ == "__main__":
    sys.exit(principal())
