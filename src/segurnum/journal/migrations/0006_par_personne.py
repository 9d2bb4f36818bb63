"""All that one person did is read without reading the journal: what an auditor asks."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("journal", "0005_constat_des_lignes")]

    operations = [
        AddIndexConcurrently(
            "evenement", models.Index(fields=["acteur", "-id"], name="journal_par_personne")
        ),
    ]
