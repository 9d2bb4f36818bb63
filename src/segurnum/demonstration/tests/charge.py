"""A base for tests that only need the demonstration to be there: it is loaded once for the class."""

from django.test import TestCase, override_settings

from segurnum.comptes.models import Utilisateur
from segurnum.demonstration.chargement import charger

demonstration_permise = override_settings(
    DEMONSTRATION=True, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
)


@demonstration_permise
class DemonstrationChargee(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert charger()

    def setUp(self) -> None:
        self.fournisseur = self.compte("demo-fournisseur")

    @staticmethod
    def compte(nom: str) -> Utilisateur:
        return Utilisateur.objects.select_related("entreprise").get(username=nom)
