from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("depots", "0003_archives_a_suivre")]

    operations = [
        migrations.AddField(
            model_name="archive",
            name="mises_a_l_ecart",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="depuis qu'un gestionnaire l'a regardée"
            ),
        ),
    ]
