"""For who lost every factor and the recovery codes, once their identity was checked by other means."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import a_un_second_facteur
from segurnum.comptes.second_facteur import retirer


class Command(BaseCommand):
    help = "Retire les seconds facteurs d'un compte, et le lui dit par courriel."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("identifiant")

    def handle(self, *args: Any, identifiant: str, **options: Any) -> None:
        personne = Utilisateur.objects.filter(username=identifiant).first()
        if personne is None or not a_un_second_facteur(personne):
            raise CommandError(f"Aucun compte « {identifiant} » n'a de second facteur.")
        retirer(personne=personne, auteur=PORTAIL)
        self.stdout.write(f"Les seconds facteurs de « {identifiant} » sont retirés.")
