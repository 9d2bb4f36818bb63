"""`segurnum django importer_sirene StockEtablissement.csv`: the company directory, from Insee's stock file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from segurnum.annuaire.services import importer_stock
from segurnum.annuaire.stock import StockIllisible
from segurnum.controles.problemes import en_nombre


class Command(BaseCommand):
    help = "Remplace l'annuaire des entreprises par un fichier stock Sirene de l'Insee (CSV, ou son ZIP)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("etablissements", type=Path, metavar="FICHIER", help="StockEtablissement")
        parser.add_argument(
            "--unites", type=Path, help="StockUniteLegale, qui donne les noms des entreprises"
        )

    def handle(self, *_args: Any, etablissements: Path, unites: Path | None, **_options: Any) -> None:
        try:
            bilan = importer_stock(etablissements, unites)
        except StockIllisible as faute:
            raise CommandError(f"Rien n'a été importé. {faute}") from faute
        for raison in bilan.ecartees:
            self.stdout.write(f"Écartée, {raison}.")
        self.stdout.write(
            f"{en_nombre(bilan.lues, 'ligne lue', 'lignes lues')}, "
            f"{en_nombre(bilan.chargees, 'établissement chargé', 'établissements chargés')} "
            f"dont {en_nombre(bilan.fermees, 'fermé')} et {bilan.sans_nom} sans nom, "
            f"{en_nombre(bilan.rejetees, 'ligne écartée', 'lignes écartées')}."
        )
