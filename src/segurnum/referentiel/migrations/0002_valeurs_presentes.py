"""A blank where a value is expected is refused by the database. The rows there are checked without holding the table."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # each step by itself: the lock of the first is short, and gone when the rows are read

    dependencies = [("referentiel", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="referencement",
            constraint=models.CheckConstraint(
                condition=~models.Q(numero_ans="") & ~models.Q(logiciel="") & ~models.Q(dsr=""),
                name="referencement_nomme",
            ),
        ),
        ValidateConstraint(model_name="referencement", name="referencement_nomme"),
        AddConstraintNotValid(
            model_name="fenetredepot",
            constraint=models.CheckConstraint(condition=~models.Q(dsr=""), name="fenetre_d_un_dsr"),
        ),
        ValidateConstraint(model_name="fenetredepot", name="fenetre_d_un_dsr"),
        AddConstraintNotValid(
            model_name="plafond",
            constraint=models.CheckConstraint(
                condition=~models.Q(dsr="") & ~models.Q(identifiant="") & ~models.Q(source=""),
                name="plafond_d_une_source",
            ),
        ),
        ValidateConstraint(model_name="plafond", name="plafond_d_une_source"),
    ]
