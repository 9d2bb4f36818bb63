"""A message belongs to the company for which its author wrote, whichever one they act for later."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0002_acces"),
        ("editorial", "0002_rubriques_de_la_faq"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="entreprise",
            field=models.ForeignKey(
                blank=True,
                db_index=False,  # the next migration builds one without holding the table
                help_text="celle pour laquelle l'auteur écrivait",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="comptes.entreprise",
            ),
        ),
    ]
