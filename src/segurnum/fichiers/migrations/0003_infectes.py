from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("fichiers", "0002_en_attente")]

    operations = [
        AddIndexConcurrently(
            model_name="fichier",
            index=models.Index(
                condition=models.Q(("analyse", "INFECTE")), fields=["id"], name="fichier_infecte"
            ),
        ),
    ]
