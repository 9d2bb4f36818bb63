"""Snapshots of the national directories: numbers, whether each is closed, its category. Nobody's name is kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from segurnum.regles import calendrier
from segurnum.repertoires.lecture import Repertoire

MONTRES = 12  # signs of a digest that a sentence shows


class Releve(models.Model):
    """One snapshot. `instant`: what it shows; `empreinte`: of its text, compressed or not.

    One at a time is in force for each directory. One with a tenth fewer numbers is held until a person confirms it.
    """

    class Statut(models.TextChoices):
        RETENU = "RETENU", "Retenu : à confirmer"
        EN_VIGUEUR = "EN_VIGUEUR", "En vigueur"
        REMPLACE = "REMPLACE", "Remplacé"
        ECARTE = "ECARTE", "Écarté"

    repertoire = models.CharField(max_length=6, choices=[(r.value, r.libelle) for r in Repertoire])
    instant = models.DateTimeField()
    empreinte = models.CharField(max_length=64)
    nom = models.CharField(max_length=150)
    nombre = models.PositiveIntegerField(default=0)
    fermes = models.PositiveIntegerField(default=0)
    statut = models.CharField(max_length=10, choices=Statut.choices, default=Statut.RETENU)
    charge_le = models.DateTimeField(default=calendrier.maintenant)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("repertoire",), condition=Q(statut="EN_VIGUEUR"), name="un_releve_en_vigueur"
            ),
        )

    def __str__(self) -> str:
        return self.designation

    @property
    def designation(self) -> str:
        """« Répertoire FINESS du 28/11/2026 »."""
        jour = calendrier.date_fr(calendrier.jour_de_paris(self.instant))
        return f"{self.get_repertoire_display()} du {jour}"

    @property
    def empreinte_courte(self) -> str:
        return f"{self.empreinte[:MONTRES]}…"

    @property
    def retenu(self) -> bool:
        return self.statut == self.Statut.RETENU


class Inscrit(models.Model):
    """One number of a snapshot that is in force, or held."""

    pk = models.CompositePrimaryKey("releve", "numero")
    # Written by the hundred thousand beside their snapshot: checking each one's key doubles the time of a load.
    releve = models.ForeignKey(
        Releve, on_delete=models.CASCADE, related_name="inscrits", db_index=False, db_constraint=False
    )
    numero = models.CharField(max_length=11, db_collation="C")
    ferme = models.BooleanField()
    categorie = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.numero
