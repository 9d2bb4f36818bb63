import segurnum.regles.calendrier
from django.db import migrations, models

# The demonstrations that were there before their base said so.
MARQUER = """
INSERT INTO installation_temoin (nom, instant)
SELECT 'DEMONSTRATION', now() WHERE EXISTS (
    SELECT 1 FROM comptes_utilisateur
    WHERE username = 'demo-fournisseur' AND email = 'demo-fournisseur@segurnum.example'
)
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = (("comptes", "0002_acces"),)

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
        migrations.RunSQL(MARQUER, migrations.RunSQL.noop),
    )
