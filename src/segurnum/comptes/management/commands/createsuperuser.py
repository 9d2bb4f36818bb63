"""Django's own command makes accounts that no profile describes: here it says what makes the first one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

AGENT = (
    "Le portail n'a pas de « superutilisateur ». Pour ouvrir le premier compte de l'administration : segurnum agent "
    "inviter --profil ADMINISTRATION --courriel ADRESSE --nom NOM --prenom PRENOM"
)


class Command(BaseCommand):
    help = "Refusée : « segurnum agent inviter » ouvre les comptes des agents."

    def run_from_argv(self, argv: list[str]) -> None:
        """Whatever its options, which Django's own command has."""
        super().run_from_argv(argv[:2])

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError(AGENT)
