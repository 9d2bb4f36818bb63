"""The messages already received are given their company, some at a time; then the index, without holding the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

LOT = 5_000
# A message written from a request says its company's name: it tells which of the author's companies it was.
ATTRIBUER = """
UPDATE editorial_ticket ticket
SET entreprise_id = CASE WHEN presente.denomination = ticket.raison_sociale THEN presente.id ELSE coalesce((
    SELECT autre.id FROM comptes_habilitation acces JOIN comptes_entreprise autre ON autre.id = acces.entreprise_id
    WHERE acces.utilisateur_id = auteur.id AND autre.denomination = ticket.raison_sociale ORDER BY acces.id LIMIT 1
), presente.id) END
FROM comptes_utilisateur auteur JOIN comptes_entreprise presente ON presente.id = auteur.entreprise_id
WHERE auteur.id = ticket.auteur_id AND ticket.entreprise_id IS NULL AND ticket.id > %s AND ticket.id <= %s
"""


def attribuer(apps, schema_editor):
    dernier = apps.get_model("editorial", "Ticket").objects.aggregate(dernier=models.Max("pk"))["dernier"]
    with schema_editor.connection.cursor() as curseur:
        for debut in range(0, dernier or 0, LOT):
            curseur.execute(ATTRIBUER, [debut, debut + LOT])


class Migration(migrations.Migration):
    atomic = False  # each lot by itself, and an index built without holding the table

    dependencies = [
        ("comptes", "0002_acces"),
        ("editorial", "0003_ticket_entreprise"),
    ]

    operations = [
        migrations.RunPython(attribuer, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["entreprise", "recu_le"], name="ticket_par_entreprise"),
        ),
    ]
