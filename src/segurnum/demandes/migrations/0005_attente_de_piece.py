"""What a piece is waited for has a due date, as what is to be corrected has: the requests that wait get one from today."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

DATER = """
    UPDATE demandes_demande
    SET rappel_le = CURRENT_TIMESTAMP + interval '10 days', cloture_le = CURRENT_TIMESTAMP + interval '20 days'
    WHERE statut = 'EN_ATTENTE_PIECE' AND cloture_le IS NULL
"""
NE_PLUS_DATER = (
    "UPDATE demandes_demande SET rappel_le = NULL, cloture_le = NULL WHERE statut = 'EN_ATTENTE_PIECE'"
)


class Migration(migrations.Migration):
    atomic = False  # the indexes are built without holding the table

    dependencies = [("demandes", "0004_longueur_des_noms")]

    operations = [
        migrations.RunSQL(DATER, NE_PLUS_DATER),
        AddIndexConcurrently(
            "demande",
            models.Index(
                condition=models.Q(("statut__in", ("EN_ATTENTE_PIECE", "A_MODIFIER"))),
                fields=["cloture_le"],
                name="demande_attendue",
            ),
        ),
        migrations.RemoveIndex("demande", "demande_a_modifier"),
    ]
