from django.apps import AppConfig
from django.core import checks


class Configuration(AppConfig):
    name = "segurnum.installation"

    def ready(self) -> None:
        from segurnum.installation.sommes import verifier

        checks.register(verifier, checks.Tags.database)
