"""What a receipt calls what it received, and its company, is as it was then: no digest follows a later change."""

from django.db import migrations, models
from django.db.migrations.state import StateApps

_INTITULES = {
    "IMPORT": "Import d'un fichier de demandes",
    "PIECES": "Envoi de pièces dans un fichier ZIP",
    "DEPOT": "Dépôt de demandes de financement avec leurs pièces",
    "CORRECTION": "Modification d'une demande de financement",
    "COMPLEMENT": "Ajout de pièces à une demande de financement",
}
_LOT = 2000


def figer(apps: StateApps, _editeur: object) -> None:
    """Those that were written before: as their digest is computed until now. A batch at a time."""
    recepisses = apps.get_model("recepisses", "Recepisse").objects
    while lot := list(recepisses.filter(intitule="").select_related("entreprise").order_by("pk")[:_LOT]):
        for ligne in lot:
            ligne.intitule = _INTITULES[ligne.nature]
            ligne.siret, ligne.denomination = ligne.entreprise.siret, ligne.entreprise.denomination
        recepisses.bulk_update(lot, ["intitule", "siret", "denomination"])


class Migration(migrations.Migration):
    atomic = False  # each batch by itself

    dependencies = [("recepisses", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="recepisse",
            name="denomination",
            field=models.CharField(db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="recepisse",
            name="intitule",
            field=models.CharField(db_default="", default="", help_text="ce qui a été reçu", max_length=80),
        ),
        migrations.AddField(
            model_name="recepisse",
            name="siret",
            field=models.CharField(db_default="", default="", max_length=14),
        ),
        # The columns stay as they are: only what Python offers changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="recepisse",
                    name="nature",
                    field=models.CharField(
                        choices=[
                            ("IMPORT", "Import d'un fichier de demandes"),
                            ("PIECES", "Envoi de pièces dans un fichier ZIP"),
                            ("DEPOT", "Dépôt de demandes de financement avec leurs pièces"),
                            ("CORRECTION", "Modification d'une demande de financement"),
                            ("COMPLEMENT", "Ajout de pièces à une demande de financement"),
                            ("PIECE", "Ajout d'une pièce à une demande incomplète"),
                        ],
                        max_length=10,
                    ),
                ),
            ]
        ),
        migrations.RunPython(figer, migrations.RunPython.noop),
    ]
