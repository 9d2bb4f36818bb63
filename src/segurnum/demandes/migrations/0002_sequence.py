"""The series of dossier numbers. A sequence never gives a number twice, even when a transaction is undone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("demandes", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            "CREATE SEQUENCE dossier_sequence MAXVALUE 999999", "DROP SEQUENCE dossier_sequence"
        ),
    )
