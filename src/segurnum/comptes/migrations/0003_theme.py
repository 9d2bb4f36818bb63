"""The theme that each person chose. The database gives the empty one to the rows there, without writing them again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comptes", "0002_valeurs_presentes")]

    operations = [
        migrations.AddField(
            model_name="utilisateur",
            name="theme",
            field=models.CharField(
                max_length=6,
                choices=[("light", "Thème clair"), ("dark", "Thème sombre"), ("system", "Système")],
                default="",
                db_default="",
                blank=True,
                help_text="vide : celui du navigateur",
            ),
        ),
    ]
