"""Enrolments: a company's right to deposit for one referenced software."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from segurnum.comptes.models import Entreprise
from segurnum.referentiel.models import Referencement


class Enrolement(models.Model):
    class Statut(models.TextChoices):
        EN_COURS = "EN_COURS", "En cours"
        EN_ATTENTE_PIECE = "EN_ATTENTE_PIECE", "En attente de pièce(s) jointe(s) complémentaire(s)"
        VALIDATION_PARTIELLE = "VALIDATION_PARTIELLE", "Validation partielle : En attente de certificat(s)"
        CERTIFICAT_A_VALIDER = "CERTIFICAT_A_VALIDER", "Certificat(s) à valider"
        VALIDEE = "VALIDEE", "Validée"
        REJETEE = "REJETEE", "Rejetée"

    class Type(models.TextChoices):
        INITIAL = "INITIAL", "Initial"
        COMPLEMENTAIRE = "COMPLEMENTAIRE", "Complémentaire"

    sequence = models.PositiveIntegerField(unique=True)
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="enrolements")
    referencement = models.ForeignKey(Referencement, on_delete=models.PROTECT, related_name="enrolements")
    statut = models.CharField(max_length=22, choices=Statut, default=Statut.EN_COURS)
    statut_depuis = models.DateTimeField(default=timezone.now)
    type = models.CharField(max_length=14, choices=Type, default=Type.INITIAL)
    anticipe = models.BooleanField(default=False)
    taux_tva = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("20.00"), help_text="%")
    courriel = models.EmailField(help_text="adresse qui reçoit tous les courriels de l'enrôlement")
    depose_le = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("referencement",),
                condition=~Q(statut="REJETEE"),
                name="un_enrolement_vivant_par_numero_ans",
            ),
        )

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        return f"ENR{self.sequence:04d}"

    @property
    def ouvre_au_depot(self) -> bool:
        """Only a wholly validated enrolment lets requests be deposited (anticipated ones wait, ENR-007)."""
        return self.statut == self.Statut.VALIDEE
