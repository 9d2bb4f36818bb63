from django.apps import AppConfig


class Configuration(AppConfig):
    name = "segurnum.demonstration"

    def ready(self) -> None:
        from segurnum.demonstration import exemples
        from segurnum.depots.exemples import brancher

        brancher(exemples)
