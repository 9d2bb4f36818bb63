"""An envelope has its year, its days, and its rank among those of the same couloirs."""

import segurnum.regles.calendrier
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the lock of each step is short
    dependencies = [
        ("paiements", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="enveloppe",
            name="exercice",
            field=models.PositiveSmallIntegerField(
                default=segurnum.regles.calendrier.annee_de_paris, help_text="année budgétaire"
            ),
        ),
        migrations.AddField(
            model_name="enveloppe",
            name="rang",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="les décisions prennent au plus petit d'abord"
            ),
        ),
        migrations.AddField(
            model_name="enveloppe",
            name="valable_au",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="enveloppe",
            name="valable_du",
            field=models.DateField(blank=True, null=True),
        ),
        AddConstraintNotValid(
            model_name="enveloppe",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valable_du__isnull", True),
                    ("valable_au__isnull", True),
                    ("valable_du__lte", models.F("valable_au")),
                    _connector="OR",
                ),
                name="enveloppe_valable_un_jour",
            ),
        ),
        ValidateConstraint(model_name="enveloppe", name="enveloppe_valable_un_jour"),
    ]
