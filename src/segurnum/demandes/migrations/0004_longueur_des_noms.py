"""The names of a beneficiary are as long as a file may write them: what a simulation accepts can be imported.

A longer varchar reads no row, and holds its table for an instant only; back, a name that would not hold stops it.
"""

from django.db import migrations, models


def _longueur(signes: int) -> str:
    return (
        f"ALTER TABLE demandes_beneficiaire ALTER COLUMN nom TYPE varchar({signes}), "
        f"ALTER COLUMN raison_sociale TYPE varchar({signes})"
    )


class Migration(migrations.Migration):
    dependencies = [("demandes", "0003_page_du_brouillon")]

    operations = [
        migrations.RunSQL(
            _longueur(255),
            _longueur(200),
            state_operations=[
                migrations.AlterField("beneficiaire", "nom", models.CharField(blank=True, max_length=255)),
                migrations.AlterField(
                    "beneficiaire", "raison_sociale", models.CharField(blank=True, max_length=255)
                ),
            ],
        ),
    ]
