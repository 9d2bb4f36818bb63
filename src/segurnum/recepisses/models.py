"""The receipts of what companies send. One is its facts: its PDF is made of them each time that it is asked for."""

import secrets

from django.db import models

from segurnum.comptes.models import Entreprise
from segurnum.editique.recepisses import Contenu


def nouveau_code() -> str:
    """What the QR code leads by: nobody guesses it."""
    return secrets.token_urlsafe(18)


class Nature(models.TextChoices):
    """What was received."""

    IMPORT = "IMPORT", "Import d'un fichier de demandes"
    PIECES = "PIECES", "Envoi de pièces dans un fichier ZIP"
    DEPOT = "DEPOT", "Dépôt de demandes de financement avec leurs pièces"
    CORRECTION = "CORRECTION", "Modification d'une demande de financement"
    COMPLEMENT = "COMPLEMENT", "Ajout de pièces à une demande de financement"
    PIECE = "PIECE", "Ajout d'une pièce à une demande incomplète"


class Recepisse(models.Model):
    """`sujet` names what it is about, as mails do (« demande:42 »). Never changed, never erased.

    `intitule`, `siret` and `denomination` are as they were at the receipt: what is called otherwise since changes no
    digest.
    """

    code = models.CharField(max_length=24, unique=True, default=nouveau_code)
    nature = models.CharField(max_length=10, choices=Nature)
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    intitule = models.CharField(max_length=80, default="", db_default="", help_text="ce qui a été reçu")
    siret = models.CharField(max_length=14, default="", db_default="")
    denomination = models.CharField(max_length=255, default="", db_default="")
    sujet = models.CharField(max_length=60)
    recu_le = models.DateTimeField(help_text="quand le portail a commencé à recevoir ce qu'il atteste")
    contenu = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=("entreprise", "-id"), name="recepisse_par_entreprise"),
            models.Index(fields=("sujet", "-id"), name="recepisse_par_sujet"),
        )

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        return f"REC{self.pk:08d}"

    @property
    def lu(self) -> Contenu:
        return Contenu.lire(self.contenu)
