from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("demandes", "0004_formulaires")]
    operations = [ValidateConstraint(model_name="demande", name="montant_declare_positif")]
