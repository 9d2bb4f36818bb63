"""Searching a part of a number without reading every request: an index of what three characters each number has.

Made with what every PostgreSQL server has, rather than with an extension that some lack.
"""

from django.db import migrations

CREER = """
CREATE FUNCTION trigrammes(texte text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(upper(texte), i, 3)), '{}') FROM generate_series(1, length(texte) - 2) i
$$;
CREATE INDEX demande_recherche ON demandes_demande USING gin (trigrammes(numero || ' ' || numero_editeur));
"""
DEFAIRE = "DROP INDEX demande_recherche; DROP FUNCTION trigrammes(text);"


class Migration(migrations.Migration):
    dependencies = (("demandes", "0002_sequence"),)
    operations = (migrations.RunSQL(CREER, DEFAIRE),)
