"""`segurnum django actualiser_communes communes.json`: make the embedded list again, once a year."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from segurnum.referentiel.communes import compresser

LISTE = Path(__file__).resolve().parents[2] / "donnees" / "communes.txt.gz"


class Command(BaseCommand):
    help = "Refait la liste embarquée des communes à partir du fichier communes.json publié."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path, help="communes.json de @etalab/decoupage-administratif")
        parser.add_argument("--vers", type=Path, default=LISTE, help="liste à écrire (celle du paquet)")

    def handle(self, *_args: Any, fichier: Path, vers: Path, **_options: Any) -> None:
        try:
            octets = compresser(json.loads(fichier.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as faute:
            raise CommandError(f"« {fichier} » n'est pas la liste JSON des communes : {faute}") from faute
        vers.write_bytes(octets)
        self.stdout.write(f"{vers} : {len(octets)} octets.")
