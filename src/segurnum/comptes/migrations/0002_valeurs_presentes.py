"""A blank where a value is expected is refused by the database. The rows there are checked without holding the table."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # each step by itself: the lock of the first is short, and gone when the rows are read

    dependencies = [("comptes", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="entreprise",
            constraint=models.CheckConstraint(
                condition=~models.Q(siret="") & ~models.Q(denomination=""), name="entreprise_nommee"
            ),
        ),
        ValidateConstraint(model_name="entreprise", name="entreprise_nommee"),
        AddConstraintNotValid(
            model_name="coordonneesbancaires",
            constraint=models.CheckConstraint(
                condition=~models.Q(iban="") & ~models.Q(titulaire=""), name="compte_bancaire_rempli"
            ),
        ),
        ValidateConstraint(model_name="coordonneesbancaires", name="compte_bancaire_rempli"),
    ]
