"""What waits for the accountant is counted and added up from an index of it alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("paiements", "0003_compensation_et_retour")]

    operations = [
        AddIndexConcurrently(
            "versement",
            models.Index(
                fields=["id"],
                include=("montant_decide", "decision"),
                condition=models.Q(etat="EN_COURS", mis_en_paiement_le=None),
                name="versement_a_mettre",
            ),
        ),
        AddIndexConcurrently(
            "versement",
            models.Index(
                fields=["id"],
                include=("montant_decide", "decision"),
                condition=models.Q(etat="EN_COURS", mis_en_paiement_le__isnull=False),
                name="versement_a_constater",
            ),
        ),
    ]
