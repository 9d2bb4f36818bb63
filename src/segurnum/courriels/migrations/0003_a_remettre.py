from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("courriels", "0002_ce_qui_reste_a_faire")]

    operations = [
        AddIndexConcurrently(
            "courriel",
            models.Index(
                condition=models.Q(("a_remettre_le__isnull", False), ("envoye_le__isnull", True)),
                fields=["a_remettre_le"],
                include=("attendu_depuis",),
                name="courriel_a_remettre",
            ),
        ),
        AddIndexConcurrently(
            "courriel",
            models.Index(
                condition=models.Q(("attendu_depuis__isnull", False)),
                fields=["attendu_depuis"],
                include=("destinataire",),
                name="courriel_attendu",
            ),
        ),
    ]
