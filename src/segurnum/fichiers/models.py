"""Stored files, addressed by their content: what a user deposited is data, kept byte for byte, never executed."""

from django.db import models

from segurnum.fichiers.stockage import cle_de
from segurnum.regles import calendrier


class Analyse(models.TextChoices):
    """EN_ATTENTE: a person's file, kept while the antivirus did not answer. NON_ANALYSE: none was to be asked."""

    NON_ANALYSE = "NON_ANALYSE", "Non analysé"
    EN_ATTENTE = "EN_ATTENTE", "En attente de l'antivirus"
    SAIN = "SAIN", "Aucune menace trouvée"
    INFECTE = "INFECTE", "Menace trouvée"


# Why a file is opened by nobody.
RETENUES = {
    Analyse.INFECTE.value: "l'antivirus y a trouvé une menace",
    Analyse.EN_ATTENTE.value: "il sera contrôlé dès que l'antivirus répondra",
}


class Fichier(models.Model):
    """Bytes in the store. Names and types belong to the documents that point here: two may be the same bytes."""

    empreinte = models.CharField(max_length=64, unique=True, help_text="SHA-256 du contenu")
    taille = models.PositiveBigIntegerField(help_text="octets")
    analyse = models.CharField(max_length=12, choices=Analyse, default=Analyse.NON_ANALYSE)
    cree_le = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(empreinte__regex=r"^[0-9a-f]{64}$"), name="fichier_empreinte"
            ),
        )
        indexes = (
            models.Index(
                fields=("cree_le",),
                condition=models.Q(analyse="EN_ATTENTE"),
                name="fichier_en_attente",
            ),
            models.Index(fields=("id",), condition=models.Q(analyse="INFECTE"), name="fichier_infecte"),
        )

    def __str__(self) -> str:
        return f"{self.empreinte[:12]}… ({self.taille} octets)"

    @property
    def cle(self) -> str:
        """Where the bytes lie in the store; derived, so that a row can never point elsewhere."""
        return cle_de(self.empreinte)

    @property
    def retenu(self) -> str:
        """Why nobody opens it, in the screen's words; empty when it may be opened."""
        return RETENUES.get(self.analyse, "")
