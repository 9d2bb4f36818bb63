from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("fichiers", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="fichier",
            index=models.Index(
                condition=models.Q(("analyse", "EN_ATTENTE")), fields=["cree_le"], name="fichier_en_attente"
            ),
        ),
    ]
