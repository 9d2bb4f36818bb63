"""`charger_demonstration`: accounts, reference data and requests in every status, all invented."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from segurnum.demonstration.base import BaseDAutrui
from segurnum.demonstration.chargement import DemonstrationInterdite, charger


class Command(BaseCommand):
    help = "Charge les données de démonstration (une seconde fois ne change rien)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        debut = time.monotonic()
        try:
            neuf = charger(self._dire)
        except (DemonstrationInterdite, BaseDAutrui) as erreur:
            raise CommandError(str(erreur)) from erreur
        if neuf:
            self.stdout.write(f"Données de démonstration chargées en {time.monotonic() - debut:.1f} s.")
        else:
            self.stdout.write("Les données de démonstration sont déjà là : rien n'est changé.")

    def _dire(self, phrase: str) -> None:
        self.stdout.write(f"  {phrase}…")
        self.stdout.flush()
