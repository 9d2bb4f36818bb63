"""The letters of a contest are kept beside the answers. The database gives « not a letter » to the rows there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("financements", "0002_reprise")]

    operations = [
        migrations.AddField(
            "piecepartie",
            "lettre",
            models.BooleanField(default=False, db_default=False, help_text="écrite par l'administration"),
        ),
    ]
