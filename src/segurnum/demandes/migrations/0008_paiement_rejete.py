"""The payments that the bank sent back, few among many: the home page of a company names them at once."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("demandes", "0007_montant_octroye_et_motif")]

    operations = [
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                condition=models.Q(("etat_paiement", "REJETE")),
                fields=["entreprise", "-depose_le"],
                name="demande_paiement_rejete",
            ),
        ),
    ]
