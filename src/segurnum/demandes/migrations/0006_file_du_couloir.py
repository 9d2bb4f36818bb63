"""The oldest request of a couloir in a status is found at once. The index is built while the portal writes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("demandes", "0005_attente_de_piece")]

    operations = [
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(fields=["statut", "dsr", "depose_le"], name="demande_file_du_couloir"),
        ),
    ]
