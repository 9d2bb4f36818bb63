"""The readings among a million events, newest first. Made while the portal works."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("journal", "0002_chaine"),)
    operations = (
        AddIndexConcurrently(
            "evenement",
            models.Index(
                fields=("-id",), condition=models.Q(chaine__startswith="lectures:"), name="journal_lectures"
            ),
        ),
    )
