"""News, messages and answers are dated by the portal's clock. Nothing changes in the tables."""

from django.db import migrations, models

from segurnum.regles.calendrier import maintenant


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_rubriques_de_la_faq")]

    operations = [
        migrations.AlterField(
            model_name="actualite",
            name="publiee_le",
            field=models.DateTimeField(default=maintenant, verbose_name="date de publication"),
        ),
        migrations.AlterField(
            model_name="reponseticket",
            name="envoyee_le",
            field=models.DateTimeField(default=maintenant),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="recu_le",
            field=models.DateTimeField(default=maintenant),
        ),
    ]
