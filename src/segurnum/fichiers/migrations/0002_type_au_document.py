"""The type of a document is its own. Going back gives every row a type that no page shows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("fichiers", "0001_initial"),)
    operations = (
        migrations.AlterField(
            "fichier", "type_mime", models.CharField(max_length=100, default="application/octet-stream")
        ),
        migrations.RemoveField("fichier", "type_mime"),
    )
