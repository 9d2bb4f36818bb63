"""`segurnum django rapprocher_fichiers`: every row has its file, every file its row."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from segurnum.fichiers.queries import rapprocher


class Command(BaseCommand):
    help = "Compare la base et le stockage des fichiers ; sort en 1 si un fichier manque ou a changé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--relire", action="store_true", help="recalcule l'empreinte de chaque fichier")

    def handle(self, *_args: Any, relire: bool, **_options: Any) -> None:
        resultat = rapprocher(relire=relire)
        for titre, cles in (
            ("perdu", resultat.perdus),
            ("altéré", resultat.alteres),
            ("sans ligne (sans gravité)", resultat.orphelins),
        ):
            for cle in cles:
                self.stdout.write(f"{titre} : {cle}")
        self.stdout.write(
            f"{resultat.lignes} fichier(s), {len(resultat.perdus)} perdu(s), {len(resultat.alteres)} altéré(s), "
            f"{len(resultat.orphelins)} sans ligne."
        )
        if not resultat.intact:
            sys.exit(1)
