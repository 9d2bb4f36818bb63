"""A blank where a value is expected is refused by the database. The rows there are checked without holding the table."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # each step by itself: the lock of the first is short, and gone when the rows are read

    dependencies = [("journal", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="evenement",
            constraint=models.CheckConstraint(
                condition=~models.Q(chaine="") & ~models.Q(objet="") & ~models.Q(geste=""),
                name="journal_evenement_nomme",
            ),
        ),
        ValidateConstraint(model_name="evenement", name="journal_evenement_nomme"),
    ]
