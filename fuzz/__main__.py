"""`python -m fuzz --minutes N [--graine S] [--rejouer FICHIER]`: a campaign on its own database, or one case."""

import argparse
import logging
import os
import sys
from datetime import date
from pathlib import Path

from bench.base import base_de_mesure
from fuzz.campagne import Campagne, Genre, ecrire, rejouer
from fuzz.enfant import Limites

BASE = "segurnum_fuzz"


def principal() -> int:
    analyseur = argparse.ArgumentParser(
        prog="segurnum fuzz", description="Entrées hostiles, jusqu'à la première panne."
    )
    analyseur.add_argument("--minutes", type=float, default=1.0, help="durée de la campagne")
    analyseur.add_argument(
        "--graine", default=date.today().isoformat(), help="la même graine refait la même campagne"
    )
    analyseur.add_argument("--genre", action="append", help="ne garde que ce genre d'entrée (répétable)")
    analyseur.add_argument("--dossier", type=Path, default=Path("var/fuzz"), help="où ranger le cas fautif")
    analyseur.add_argument("--rejouer", type=Path, metavar="FICHIER", help="essaie de nouveau un cas fautif")
    arguments = analyseur.parse_args()
    os.environ["SEGURNUM_STATIQUES_BRUTS"] = "1"  # nothing was collected
    with base_de_mesure(BASE):
        from django.conf import settings

        settings.CAPTCHA_ACTIF = False  # a stranger computes it; the campaign looks behind
        logging.disable(logging.CRITICAL)  # refusals by the thousand
        genres = _genres(arguments.genre)
        if arguments.rejouer:
            return _rejouer(arguments.rejouer, genres)
        campagne = Campagne(genres, arguments.graine, arguments.dossier)
        return _conclure(campagne, campagne.jouer(secondes=arguments.minutes * 60, dire=_dire))


def _genres(voulus: list[str] | None) -> list[Genre]:
    from fuzz.formulaires import Formulaires
    from fuzz.genres import fichiers

    formulaires = Formulaires()
    # Twice: there are more pages than kinds of files.
    genres: list[Genre] = [*fichiers(), formulaires, formulaires]
    gardes = [genre for genre in genres if not voulus or genre.nom in voulus]
    if any(genre.nom == formulaires.nom for genre in gardes):
        _dire(f"{len(formulaires.cibles)} formulaires et pages trouvés dans le portail.")
    return gardes


def _dire(phrase: str) -> None:
    print(phrase, file=sys.stderr, flush=True)


def _rejouer(fichier: Path, genres: list[Genre]) -> int:
    issue = rejouer(fichier, genres, Limites())
    print(f"Toujours en faute : {issue.faute}" if issue.faute else "Ce cas ne fait plus rien tomber.")
    return 1 if issue.faute else 0


def _conclure(campagne: Campagne, sans_faute: bool) -> int:
    print(ecrire(campagne))
    if sans_faute:
        print("Rien n'est tombé.")
        return 0
    print(f"FAUTE : {campagne.faute}\nRejouer : ./segurnum fuzz --rejouer {campagne.fichier}")
    return 1


if __name__ == "__main__":
    sys.exit(principal())
