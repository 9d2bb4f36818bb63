"""Append-only and chained in the database itself, so that no program error and no console can rewrite the past."""

import django.db.models.deletion
import segurnum.regles.calendrier
from django.conf import settings
from django.db import migrations, models

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
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evenement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chaine", models.CharField(max_length=60)),
                ("rang", models.PositiveIntegerField(default=0)),
                ("instant", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                ("role", models.CharField(max_length=20)),
                ("objet", models.CharField(max_length=60)),
                ("geste", models.CharField(max_length=40)),
                ("avant", models.CharField(blank=True, max_length=40)),
                ("apres", models.CharField(blank=True, max_length=40)),
                ("motif", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                ("empreinte_precedente", models.CharField(default="", max_length=64)),
                ("empreinte", models.CharField(default="", max_length=64)),
                (
                    "acteur",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["objet", "id"], name="journal_par_objet"),
                    models.Index(
                        condition=models.Q(("chaine__startswith", "lectures:")),
                        fields=["-id"],
                        name="journal_lectures",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("chaine", "rang"), name="journal_un_rang_par_chaine")
                ],
            },
        ),
        migrations.RunSQL(CREER, DEFAIRE),
    ]
