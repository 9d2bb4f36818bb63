"""The severity of a rule may be changed by data, with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("depots", "0004_mises_a_l_ecart")]

    operations = [
        migrations.CreateModel(
            name="SeveriteRegle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=4)),
                (
                    "severite",
                    models.CharField(
                        choices=[("erreur", "Erreur"), ("avertissement", "Avertissement")], max_length=13
                    ),
                ),
                ("motif", models.TextField()),
                ("depuis", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("motif", ""), _negated=True), name="severite_motivee"
                    ),
                    models.UniqueConstraint(
                        fields=("code", "depuis"), name="une_severite_par_regle_et_instant"
                    ),
                ]
            },
        ),
    ]
