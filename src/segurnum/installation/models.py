"""What an installation remembers of itself."""

from django.db import models

from segurnum.regles import calendrier


class Temoin(models.Model):
    """The last time that something was seen to be so: « demonstration » says whose the base is."""

    class Nom(models.TextChoices):
        DEMONSTRATION = "DEMONSTRATION", "Base d'une démonstration"
        JOURNAL = "JOURNAL", "Journal relu en entier et intact"
        COURRIEL = "COURRIEL", "Courriel d'essai remis au serveur d'envoi"

    nom = models.CharField(max_length=20, choices=Nom, unique=True)
    instant = models.DateTimeField(default=calendrier.maintenant)

    def __str__(self) -> str:
        return self.nom
