import logging

from django.apps import AppConfig
from django.core import checks

journal = logging.getLogger(__name__)


class Configuration(AppConfig):
    name = "segurnum.limites"

    def ready(self) -> None:
        """The start says what a check of the settings would: web processes run no system check."""
        from segurnum.limites.verifications import mandataires

        checks.register(mandataires, checks.Tags.security)
        for avertissement in mandataires():
            journal.warning("%s %s", avertissement.msg, avertissement.hint)
