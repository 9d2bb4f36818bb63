"""What an installation remembers of itself."""

from django.db import models
from django.db.models import F, Q

from segurnum.regles import calendrier
from segurnum.regles.calendrier import Panne


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


class Indisponibilite(models.Model):
    """A part of the portal was down from `debut` to `fin`, as all who met it say it together: one row for an outage.

    `recu_le`: when the first gesture that it cut had begun to arrive.
    """

    class Partie(models.TextChoices):
        BASE = "BASE", "Base de données"
        FICHIERS = "FICHIERS", "Stockage des fichiers"

    partie = models.CharField(max_length=8, choices=Partie)
    debut = models.DateTimeField()
    fin = models.DateTimeField(db_index=True)
    recu_le = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(recu_le__lte=F("debut")) & Q(debut__lte=F("fin")),
                name="indisponibilite_dans_l_ordre",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_partie_display()} du {self.debut} au {self.fin}"

    @property
    def en_regle(self) -> Panne:
        return Panne(debut=self.debut, fin=self.fin, recu_le=self.recu_le)


class Relecture(models.Model):
    """What one night's reading of the whole journal found. A night that broke off has none."""

    fait_le = models.DateTimeField()
    evenements = models.PositiveBigIntegerField()
    anomalies = models.PositiveIntegerField()
    phrases = models.JSONField(default=list, help_text="les premières anomalies")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(anomalies=0, phrases=[]) | Q(anomalies__gt=0),
                name="relecture_dit_ce_qu_elle_trouve",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fait_le} : {self.anomalies}"
