"""Follow-up links end; one that was asked for kills no other. Those of requests that are closed already get an end."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.state import StateApps
from django.db.models import F

_CLOS = ("REJETEE", "VALIDEE", "VALIDATION_PARTIELLE", "CERTIFICAT_A_VALIDER")


def donner_une_fin(apps: StateApps, _editeur: object) -> None:
    """Few rows: those of the first enrolments, of companies that had no account."""
    suivis = apps.get_model("enrolements", "Enrolement").objects.exclude(empreinte_suivi="")
    fin = F("statut_depuis") + timedelta(days=settings.SUIVI_ENROLEMENT)
    suivis.filter(statut__in=_CLOS, suivi_expire_le=None).update(suivi_expire_le=fin)


class Migration(migrations.Migration):
    atomic = False  # the index is built beside the work
    dependencies = [
        ("enrolements", "0006_suivre_et_sortir"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolement",
            name="empreinte_suivi_demande",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="celui du dernier lien de suivi demandé sans compte : il ne remplace pas l'autre",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="enrolement",
            name="suivi_expire_le",
            field=models.DateTimeField(
                blank=True, help_text="fin des liens de suivi ; vide : la demande attend encore", null=True
            ),
        ),
        AddIndexConcurrently(
            model_name="enrolement",
            index=models.Index(
                condition=models.Q(("empreinte_suivi_demande", ""), _negated=True),
                fields=["empreinte_suivi_demande"],
                name="enrolement_par_lien_demande",
            ),
        ),
        migrations.RunPython(donner_une_fin, migrations.RunPython.noop),
    ]
