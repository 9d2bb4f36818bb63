"""Counters of what was asked lately, and the switches of the administration."""

from django.conf import settings
from django.db import models

from segurnum.regles import calendrier


class Compteur(models.Model):
    """How much was counted under a key since its window began. Keys name accounts, networks and drafts by digests."""

    cle = models.CharField(max_length=120, primary_key=True)
    nombre = models.BigIntegerField()
    expire_le = models.DateTimeField(db_index=True)
    libre_le = models.DateTimeField(null=True, help_text="avant cet instant, rien n'est plus accepté")

    def __str__(self) -> str:
        return f"{self.cle} : {self.nombre}"


class Interrupteur(models.Model):
    """Something that the administration closes for a time, with the reason that everybody reads."""

    class Cle(models.TextChoices):
        FICHIERS = "FICHIERS", "Plus de nouveau dépôt de fichier"
        SIMULATEUR = "SIMULATEUR", "Simulateur public fermé"
        LECTURE_SEULE = "LECTURE_SEULE", "Portail en lecture seule"

    cle = models.CharField(max_length=15, choices=Cle, primary_key=True)
    actif = models.BooleanField(default=False)
    motif = models.CharField(max_length=300, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    change_le = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(actif=False) | ~models.Q(motif=""), name="interrupteur_actif_a_un_motif"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_cle_display()} : {'fermé' if self.actif else 'ouvert'}"
