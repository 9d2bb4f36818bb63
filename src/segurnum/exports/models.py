"""Exports that are too long for a page to wait for: asked for, prepared by the worker, offered for a day."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.fichiers.models import Fichier
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import EnumLibelle


class Contenu(EnumLibelle):
    DEMANDES = "DEMANDES", "Demandes de financement"
    BENEFICIAIRES = "BENEFICIAIRES", "Bénéficiaires"


class Forme(EnumLibelle):
    CSV = "CSV", "CSV"
    XLSX = "XLSX", "Classeur XLSX"


class EtatExport(EnumLibelle):
    EN_PREPARATION = "EN_PREPARATION", "En préparation"
    PRET = "PRET", "Prêt"
    ECHOUE = "ECHOUE", "Préparation impossible"


class Export(models.Model):
    """`cles`: the requests as the list had them when it was asked for, in its order, which `ordre` says again."""

    entreprise = models.ForeignKey(Entreprise, on_delete=models.CASCADE, related_name="+")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contenu = ChampEnum(Contenu, max_length=13)
    forme = ChampEnum(Forme, max_length=4)
    dsr = models.CharField(max_length=30, blank=True, help_text="le couloir des bénéficiaires")
    nom = models.CharField(max_length=100, help_text="du fichier")
    cles = ArrayField(models.BigIntegerField())
    ordre = ArrayField(models.CharField(max_length=40))
    demande_le = models.DateTimeField()
    etat = ChampEnum(EtatExport, max_length=14, default=EtatExport.EN_PREPARATION)
    total = models.PositiveIntegerField(help_text="demandes")
    faites = models.PositiveIntegerField(default=0)
    fichier = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expire_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(etat="PRET", fichier__isnull=False, expire_le__isnull=False)
                | (~Q(etat="PRET") & Q(fichier__isnull=True)),
                name="export_pret_avec_son_fichier",
            ),
        )
        indexes = (models.Index(fields=("demande_le",), name="export_du_jour"),)

    def __str__(self) -> str:
        return self.nom

    @property
    def pourcentage(self) -> int:
        return 100 if self.etat is EtatExport.PRET else 100 * self.faites // max(1, self.total)

    @property
    def en_preparation(self) -> bool:
        return self.etat is EtatExport.EN_PREPARATION

    @property
    def echoue(self) -> bool:
        return self.etat is EtatExport.ECHOUE

    def offert(self, instant: datetime | None = None) -> bool:
        """Whether it can be opened: prepared less than a day ago."""
        return self.expire_le is not None and (instant or maintenant()) < self.expire_le
