"""A base for tests that only need the demonstration to be there: it is loaded once for the class."""

import io

from django.core.management import call_command
from django.test import TestCase, override_settings

from segurnum.comptes.models import Utilisateur

demonstration_permise = override_settings(
    DEMONSTRATION=True, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
)


@demonstration_permise
class DemonstrationChargee(TestCase):
    """`dit`: what the command that loaded it said."""

    dit: str

    @classmethod
    def setUpTestData(cls) -> None:
        sortie = io.StringIO()
        call_command("charger_demonstration", stdout=sortie)
        cls.dit = sortie.getvalue()

    def setUp(self) -> None:
        self.fournisseur = self.compte("demo-fournisseur")

    @staticmethod
    def compte(nom: str) -> Utilisateur:
        return Utilisateur.objects.select_related("entreprise").get(username=nom)
