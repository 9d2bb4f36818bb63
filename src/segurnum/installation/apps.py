from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from segurnum.base.adresse import Programme


class Configuration(AppConfig):
    name = "segurnum.installation"

    def ready(self) -> None:
        from segurnum.installation.sommes import verifier

        checks.register(verifier, checks.Tags.database)
        if settings.PROGRAMME is Programme.PAGES:
            from segurnum.installation.veille import veille
            from segurnum.pannes.annonce import prevenir

            prevenir(veille.constater)
