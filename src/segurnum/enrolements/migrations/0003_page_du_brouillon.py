"""A draft remembers which showing of a page it was kept from: a page never meets itself as another tab."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolements", "0002_valeurs_presentes")]

    operations = [
        migrations.AddField(
            model_name="brouillon",
            name="page",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="affichage qui l'a enregistré",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="brouillon",
            name="rang",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="de l'envoi parmi ceux de cet affichage"
            ),
        ),
    ]
