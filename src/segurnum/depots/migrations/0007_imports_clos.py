"""What was imported again says by which import; a deposit that waits for nothing more is over, whatever became of it."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now


def clore(apps: Any, _schema: Any) -> None:
    """Those whose last incomplete request was deleted while the others were handed over."""
    demandes = apps.get_model("demandes", "Demande").objects.filter(statut="NON_COMPLETEE")
    apps.get_model("depots", "Depot").objects.filter(
        ~Exists(demandes.filter(ligne_depot__depot=OuterRef("pk"))), retenues__gt=0, termine_le__isnull=True
    ).update(termine_le=Now())


def rien(_apps: Any, _schema: Any) -> None:
    """What is over stays over."""


class Migration(migrations.Migration):
    dependencies = (("depots", "0006_completer"), ("demandes", "0007_montant_octroye_et_motif"))

    operations = (
        migrations.AddField(
            model_name="lignedepot",
            name="reimportee_par",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="l'import qui l'a reprise, une fois supprimée",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="depots.depot",
            ),
        ),
        migrations.RunPython(clore, rien, elidable=True),
    )
