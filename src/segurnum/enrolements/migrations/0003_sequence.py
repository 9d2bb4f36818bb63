"""The series of enrolment numbers, which starts after the numbers given before it existed."""

from django.db import migrations

CREER = """
CREATE SEQUENCE enrolement_sequence;
SELECT setval('enrolement_sequence', coalesce(max(sequence), 600)) FROM enrolements_enrolement;
"""


class Migration(migrations.Migration):
    dependencies = (("enrolements", "0002_declaration"),)
    operations = (migrations.RunSQL(CREER, "DROP SEQUENCE enrolement_sequence"),)
