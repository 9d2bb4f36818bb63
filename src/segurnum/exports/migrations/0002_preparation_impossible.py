from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0001_initial"),
    ]

    operations = [
        # The column stays as it is: only what Python offers changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="export",
                    name="etat",
                    field=models.CharField(
                        choices=[
                            ("EN_PREPARATION", "En préparation"),
                            ("PRET", "Prêt"),
                            ("ECHOUE", "Préparation impossible"),
                        ],
                        default="EN_PREPARATION",
                        max_length=14,
                    ),
                ),
            ]
        ),
    ]
