from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Configuration(AppConfig):
    name = "segurnum.journal"

    def ready(self) -> None:
        from segurnum.journal.gardes import reserver

        post_migrate.connect(reserver, sender=self)
