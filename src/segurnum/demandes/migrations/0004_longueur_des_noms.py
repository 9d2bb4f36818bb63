"""The names of a beneficiary are as long as a file may write them: what a simulation accepts can be imported.

A longer varchar rewrites no row; back, a name that would not hold stops the migration.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("demandes", "0003_page_du_brouillon")]

    operations = [
        migrations.AlterField("beneficiaire", "nom", models.CharField(blank=True, max_length=255)),
        migrations.AlterField("beneficiaire", "raison_sociale", models.CharField(blank=True, max_length=255)),
    ]
