from django.apps import AppConfig


class Configuration(AppConfig):
    name = "segurnum.comptes"

    def ready(self) -> None:
        from segurnum.comptes import signaux  # noqa: F401 (its import connects what it receives)
