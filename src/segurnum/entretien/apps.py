from django.apps import AppConfig
from django.conf import settings


class Configuration(AppConfig):
    name = "segurnum.entretien"

    def ready(self) -> None:
        """Only a demonstration travels in time (`segurnum horloge`)."""
        if settings.DEMONSTRATION:
            from segurnum.entretien import horloge
            from segurnum.regles import calendrier

            calendrier.avancer_de(horloge.avance)
