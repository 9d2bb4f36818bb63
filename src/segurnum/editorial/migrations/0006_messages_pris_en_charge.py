"""Who deals with a message; the answer of the FAQ on the soldes says the rule that the check applies."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

QUESTION = "Quand demander le solde ?"
AVANT = (
    "Quand la solution est installée et facturée, et que l'avance est décidée. Le numéro du dossier est celui "
    "de l'avance : seul son suffixe change."
)
APRES = (
    "Quand la solution est installée et facturée, dès que l'avance est déposée avec ses pièces. Le solde est validé une "
    "fois l'avance décidée et versée. Le numéro du dossier est celui de l'avance : seul son suffixe change."
)


def _recrire(apps: Any, de: str, vers: str) -> None:
    """An answer that officers have rewritten since stays theirs."""
    questions = apps.get_model("editorial", "QuestionFaq").objects.filter(question=QUESTION, reponse=de)
    questions.update(reponse=vers)


def dire_la_regle(apps: Any, _schema: Any) -> None:
    _recrire(apps, AVANT, APRES)


def revenir(apps: Any, _schema: Any) -> None:
    _recrire(apps, APRES, AVANT)


class Migration(migrations.Migration):
    dependencies = (
        ("editorial", "0005_questions_manquantes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.AddField(
            model_name="ticket",
            name="charge",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="qui le traite : les autres le lisent, et peuvent le reprendre",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(dire_la_regle, revenir),
    )
