"""What is kept on a payment to settle a debt, and the day when a bank gave a transfer back.

The rows there are checked without holding the table.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Q

PAYE = "on_paie_ce_qui_est_decide"
COMPENSE = "on_ne_compense_que_ce_qui_est_decide"
RETOUR = "un_retour_tardif_est_un_rejet"


def _contrainte(nom: str, condition: Q) -> AddConstraintNotValid:
    return AddConstraintNotValid(
        model_name="versement", constraint=models.CheckConstraint(condition=condition, name=nom)
    )


class Migration(migrations.Migration):
    atomic = False  # each step by itself: the locks are short, and gone when the rows are read

    dependencies = [("paiements", "0002_enveloppes_annuelles")]

    operations = [
        migrations.AddField(
            model_name="versement",
            name="compense",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="euros retenus pour régler ce que l'entreprise doit",
                max_digits=12,
            ),
        ),
        migrations.AddField(
            model_name="versement",
            name="retourne_le",
            field=models.DateField(
                blank=True, help_text="jour où la banque a rendu un virement constaté", null=True
            ),
        ),
        migrations.RemoveConstraint(model_name="versement", name=PAYE),
        _contrainte(PAYE, Q(montant_paye__isnull=True) | Q(montant_paye=F("montant_decide") - F("compense"))),
        ValidateConstraint(model_name="versement", name=PAYE),
        _contrainte(COMPENSE, Q(compense__gte=0, compense__lte=F("montant_decide"))),
        ValidateConstraint(model_name="versement", name=COMPENSE),
        _contrainte(RETOUR, Q(retourne_le__isnull=True) | Q(etat="REJETE")),
        ValidateConstraint(model_name="versement", name=RETOUR),
    ]
