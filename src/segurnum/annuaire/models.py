"""The Sirene stock file, as it was imported: what the directory says of each establishment, in its own words."""

from django.db import models


class EtablissementSirene(models.Model):
    siret = models.CharField(max_length=14, primary_key=True)
    denomination = models.TextField(blank=True)
    complement = models.TextField(blank=True)
    numero = models.TextField(blank=True)
    extension = models.TextField(blank=True)
    type_voie = models.TextField(blank=True)
    nom_voie = models.TextField(blank=True)
    code_postal = models.TextField(blank=True)
    commune = models.TextField(blank=True)
    actif = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.denomination} ({self.siret})"
