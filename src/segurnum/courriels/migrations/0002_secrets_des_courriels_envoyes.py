"""Forget what the personal links of the mails already sent open. Only mails that carry one are written."""

from django.conf import settings
from django.db import migrations

# As `courriels.models._SECRET` was then, in the words of PostgreSQL.
OUBLIER = r"""
    UPDATE courriels_courriel
    SET corps = regexp_replace(
        corps, '(\?jeton=|/deposer-pieces/|/reprendre/)(?!\(lien personnel\))\S+', '\1(lien personnel)', 'g'
    )
    WHERE envoye_le IS NOT NULL AND code IN ('M06', 'M08', 'M15', 'M19', 'M24')
"""


def oublier(apps, editeur):
    if not settings.DEMONSTRATION:  # there, mails are read on screen
        editeur.execute(OUBLIER)


class Migration(migrations.Migration):
    dependencies = [("courriels", "0001_initial")]
    # What is forgotten does not come back; nothing that runs needs it.
    operations = [migrations.RunPython(oublier, migrations.RunPython.noop)]
