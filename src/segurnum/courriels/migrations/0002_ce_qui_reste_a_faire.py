"""What is left to do about each mail. Nullable columns: one reading of the table, which writes the unsent mails only."""

import django.db.models.functions.datetime
from django.db import migrations, models

# Mails that a former outage left behind leave with the first sweep.
REPRENDRE = """
    UPDATE courriels_courriel SET a_remettre_le = now(), attendu_depuis = cree_le
    WHERE envoye_le IS NULL AND (retenu_le IS NULL OR relache_le IS NOT NULL)
"""
A_REMETTRE = {
    "null": True,
    "blank": True,
    "help_text": "à remettre au serveur à partir de cet instant ; vide : rien à remettre",
}


class Migration(migrations.Migration):
    dependencies = [("courriels", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="EtatServeur",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("panne_depuis", models.DateTimeField(blank=True, null=True)),
                ("essais", models.PositiveIntegerField(default=0)),
                (
                    "libre_le",
                    models.DateTimeField(
                        blank=True, null=True, help_text="avant cet instant, il n'est pas essayé"
                    ),
                ),
                ("erreur", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField("courriel", "a_remettre_le", models.DateTimeField(**A_REMETTRE)),
        migrations.AddField(
            "courriel",
            "attendu_depuis",
            models.DateTimeField(
                blank=True,
                null=True,
                help_text="non parti, refusé ou revenu depuis cet instant ; vide : rien à en faire",
            ),
        ),
        migrations.AddField("courriel", "erreur_le", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("courriel", "refuse_le", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("courriel", "revenu_le", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "courriel",
            "renvois",
            models.PositiveSmallIntegerField(
                default=0, db_default=0, help_text="fois qu'un agent l'a renvoyé"
            ),
        ),
        migrations.RunSQL(REPRENDRE, migrations.RunSQL.noop),
        # Now only, so that the mails already sent are not due.
        migrations.RunSQL(
            "ALTER TABLE courriels_courriel ALTER COLUMN a_remettre_le SET DEFAULT statement_timestamp()",
            "ALTER TABLE courriels_courriel ALTER COLUMN a_remettre_le DROP DEFAULT",
            state_operations=[
                migrations.AlterField(
                    "courriel",
                    "a_remettre_le",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), **A_REMETTRE),
                ),
            ],
        ),
    ]
