"""Enrolments are dated by the portal's clock. Nothing changes in the table."""

from django.db import migrations, models

from segurnum.regles.calendrier import maintenant


class Migration(migrations.Migration):
    dependencies = [("enrolements", "0003_page_du_brouillon")]

    operations = [
        migrations.AlterField(
            model_name="enrolement",
            name="depose_le",
            field=models.DateTimeField(default=maintenant),
        ),
        migrations.AlterField(
            model_name="enrolement",
            name="statut_depuis",
            field=models.DateTimeField(default=maintenant),
        ),
    ]
