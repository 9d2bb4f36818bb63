"""The ledger: each entry moves an amount from one account to another, and is never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from segurnum.base.champs import ChampEnum
from segurnum.demandes.models import Demande, Dossier
from segurnum.grand_livre.plan import UNE_FOIS_PAR_VERSEMENT, Compte, Operation


class Ecriture(models.Model):
    """One amount, debited from an account and credited to another; but for credits, it is about a request."""

    instant = models.DateTimeField()
    operation = ChampEnum(Operation, max_length=20)
    debit = ChampEnum(Compte, max_length=3)
    credit = ChampEnum(Compte, max_length=3)
    montant = models.DecimalField(max_digits=14, decimal_places=2, help_text="euros")
    enveloppe = models.ForeignKey(
        "paiements.Enveloppe", on_delete=models.PROTECT, related_name="ecritures", db_index=False
    )
    dossier = models.ForeignKey(
        Dossier, null=True, on_delete=models.PROTECT, related_name="ecritures", db_index=False
    )
    demande = models.ForeignKey(Demande, null=True, on_delete=models.PROTECT, related_name="ecritures")
    versement = models.ForeignKey(
        "paiements.Versement", null=True, on_delete=models.PROTECT, related_name="ecritures"
    )
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    reference = models.CharField(
        max_length=60, blank=True, help_text="le numéro de ce qui la justifie, s'il en a un"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(montant__gt=0), name="ecriture_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ecriture_entre_deux_comptes"),
            models.CheckConstraint(
                condition=Q(demande__isnull=True, dossier__isnull=True, versement__isnull=True)
                | Q(demande__isnull=False, dossier__isnull=False),
                name="ecriture_dans_son_dossier",
            ),
            models.UniqueConstraint(
                fields=("versement", "operation"),
                condition=Q(versement__isnull=False, operation__in=[o.value for o in UNE_FOIS_PAR_VERSEMENT]),
                name="ecriture_une_fois_par_versement",
            ),
            models.UniqueConstraint(
                fields=("demande",),
                condition=Q(operation=Operation.ENGAGEMENT.value),
                name="ecriture_un_engagement_par_demande",
            ),
        )
        indexes = (
            models.Index(fields=("instant", "id"), name="ecriture_par_instant"),
            models.Index(fields=("enveloppe", "instant", "id"), name="ecriture_par_enveloppe"),
            models.Index(
                fields=("dossier", "id"), condition=Q(dossier__isnull=False), name="ecriture_par_dossier"
            ),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.montant}"
