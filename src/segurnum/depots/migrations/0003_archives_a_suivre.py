from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("depots", "0002_reprises")]

    operations = [
        AddIndexConcurrently(
            model_name="archive",
            index=models.Index(
                condition=models.Q(("etat__in", ("RECUE", "EN_CONTROLE", "ILLISIBLE"))),
                fields=["recue_le"],
                name="archive_a_suivre",
            ),
        ),
    ]
