from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("fichiers", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="fichier",
            name="analyse",
            field=models.CharField(
                choices=[
                    ("NON_ANALYSE", "Non analysé"),
                    ("EN_ATTENTE", "En attente de l'antivirus"),
                    ("SAIN", "Aucune menace trouvée"),
                    ("INFECTE", "Menace trouvée"),
                ],
                default="NON_ANALYSE",
                max_length=12,
            ),
        ),
        AddIndexConcurrently(
            model_name="fichier",
            index=models.Index(
                condition=models.Q(("analyse", "EN_ATTENTE")), fields=["cree_le"], name="fichier_en_attente"
            ),
        ),
    ]
