"""An account is looked for by its IBAN: two companies that have the same are told to whoever instructs."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without holding the table

    dependencies = [("comptes", "0003_theme")]

    operations = [
        AddIndexConcurrently("coordonneesbancaires", models.Index(fields=["iban"], name="compte_par_iban")),
    ]
