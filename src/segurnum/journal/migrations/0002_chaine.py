"""Append-only and chained in the database itself, so that no program error and no console can rewrite the past."""

from django.db import migrations

CREER = """
CREATE FUNCTION journal_empreinte(e journal_evenement) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\x1f',
        e.empreinte_precedente, e.chaine, e.rang, extract(epoch FROM e.instant), coalesce(e.acteur_id::text, ''),
        e.role, e.objet, e.geste, e.avant, e.apres, e.motif, e.details::text), 'UTF8')), 'hex')
$$;

CREATE FUNCTION journal_enchainer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE dernier record;
BEGIN
    SELECT rang, empreinte INTO dernier FROM journal_evenement
        WHERE chaine = NEW.chaine ORDER BY rang DESC LIMIT 1;
    NEW.rang := coalesce(dernier.rang, 0) + 1;
    NEW.empreinte_precedente := coalesce(dernier.empreinte, '');
    NEW.empreinte := journal_empreinte(NEW);
    RETURN NEW;
END $$;

CREATE FUNCTION journal_refuser() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Le journal ne se modifie pas et ne s''efface pas.';
END $$;

CREATE TRIGGER journal_enchainer BEFORE INSERT ON journal_evenement
    FOR EACH ROW EXECUTE FUNCTION journal_enchainer();
CREATE TRIGGER journal_sans_retouche BEFORE UPDATE OR DELETE ON journal_evenement
    FOR EACH ROW EXECUTE FUNCTION journal_refuser();
CREATE TRIGGER journal_sans_vidage BEFORE TRUNCATE ON journal_evenement
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuser();
"""

DEFAIRE = """
DROP TRIGGER journal_sans_vidage ON journal_evenement;
DROP TRIGGER journal_sans_retouche ON journal_evenement;
DROP TRIGGER journal_enchainer ON journal_evenement;
DROP FUNCTION journal_refuser();
DROP FUNCTION journal_enchainer();
DROP FUNCTION journal_empreinte(journal_evenement);
"""


class Migration(migrations.Migration):
    dependencies = (("journal", "0001_initial"),)
    operations = (migrations.RunSQL(CREER, DEFAIRE),)
