"""Searches kept under a name; the index by which a part of a beneficiary's name is found, built while the portal writes."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

SIMPLIFIE = """
CREATE FUNCTION simplifie(texte text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(upper(texte), 'ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ', 'AAACEEEEIIOOUUUY')
$$
"""
TRIGRAMMES_DU_NOM = models.Func(
    models.F("nom"),
    models.F("raison_sociale"),
    template="trigrammes(simplifie(%(expressions)s))",
    arg_joiner=" || ' ' || ",
    output_field=ArrayField(models.TextField()),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("demandes", "0008_paiement_rejete"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Vue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=60)),
                (
                    "cle",
                    models.SlugField(db_index=False, help_text="le nom, dans l'adresse", max_length=60),
                ),
                (
                    "criteres",
                    models.CharField(
                        help_text="l'adresse de la recherche, après le point d'interrogation", max_length=2000
                    ),
                ),
                (
                    "personne",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("personne", "cle"), name="une_vue_par_nom"),
                    models.CheckConstraint(
                        condition=models.Q(("nom", ""), _negated=True) & models.Q(("cle", ""), _negated=True),
                        name="vue_nommee",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SIMPLIFIE, "DROP FUNCTION simplifie(text)"),
        AddIndexConcurrently(
            model_name="beneficiaire", index=GinIndex(TRIGRAMMES_DU_NOM, name="beneficiaire_recherche")
        ),
    ]
