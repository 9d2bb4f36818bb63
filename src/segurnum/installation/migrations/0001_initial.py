import segurnum.regles.calendrier
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = (
        migrations.CreateModel(
            name="Temoin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "nom",
                    models.CharField(
                        choices=[
                            ("DEMONSTRATION", "Base d'une démonstration"),
                            ("JOURNAL", "Journal relu en entier et intact"),
                            ("COURRIEL", "Courriel d'essai remis au serveur d'envoi"),
                        ],
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("instant", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
            ],
        ),
    )
