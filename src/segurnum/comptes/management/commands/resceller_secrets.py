"""After a new key was put first in SEGURNUM_CLES_SECRETS: once this is done, the former ones may be taken out."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from segurnum.comptes.second_facteur import resceller_les_cles


class Command(BaseCommand):
    help = "Scelle de nouveau, par la clé la plus récente, les secrets gardés en base."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            nombre = resceller_les_cles()
        except InvalidToken as erreur:
            raise CommandError(
                "Un secret ne s'ouvre par aucune clé de SEGURNUM_CLES_SECRETS : remettez l'ancienne. Rien n'a changé."
            ) from erreur
        self.stdout.write(f"Secrets scellés par la clé la plus récente : {nombre}.")
