"""A blank where a value is expected is refused by the database. The rows there are checked without holding the table."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # each step by itself: the lock of the first is short, and gone when the rows are read

    dependencies = [("demandes", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=~models.Q(numero="") & ~models.Q(dsr=""), name="dossier_numerote"
            ),
        ),
        ValidateConstraint(model_name="dossier", name="dossier_numerote"),
        AddConstraintNotValid(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=~models.Q(numero="") & ~models.Q(dsr=""), name="demande_numerotee"
            ),
        ),
        ValidateConstraint(model_name="demande", name="demande_numerotee"),
    ]
