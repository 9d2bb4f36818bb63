from django.apps import AppConfig


class Configuration(AppConfig):
    name = "segurnum.demonstration"

    def ready(self) -> None:
        from segurnum.demonstration import exemples
        from segurnum.web.commun.exemples import brancher

        brancher(exemples)
