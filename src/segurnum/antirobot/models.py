"""What was already used to prove that somebody is not a robot: nothing is accepted twice, on any machine."""

from django.db import models

from segurnum.regles import calendrier


class EpreuveUtilisee(models.Model):
    """A proof that was accepted. Forgotten once it has expired, since it is then refused for its age."""

    class Genre(models.TextChoices):
        CALCUL = "CALCUL", "Calcul fait par le navigateur"
        DELAI = "DELAI", "Temps passé sur la page"

    empreinte = models.CharField(max_length=64, unique=True)
    genre = models.CharField(max_length=6, choices=Genre)
    origine = models.CharField(max_length=64, help_text="empreinte de l'adresse du réseau, jamais l'adresse")
    instant = models.DateTimeField(default=calendrier.maintenant)
    expire_le = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("origine", "genre", "instant"), name="epreuve_par_origine"),)

    def __str__(self) -> str:
        return f"{self.genre} {self.empreinte[:12]}…"
