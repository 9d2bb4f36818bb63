"""The journal tells each envelope: those that no event tells of are told as they are found, by any way they came."""

from django.db import migrations

# Whoever writes in the journal waits for its end, or is waited for: see `journal.services`.
CONSTATER = """
SELECT pg_advisory_xact_lock(5346117);
INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'enveloppe:' || e.id, 0, now(), 'SYSTEME', 'enveloppe:' || e.id, 'REGLER_ENVELOPPE', '', '', '',
    jsonb_build_object('valeurs', jsonb_build_object(
        'libelle', jsonb_build_array('', e.libelle),
        'dsr', jsonb_build_array('', array_to_string(e.dsr, ', ')),
        'exercice', jsonb_build_array('', e.exercice::text),
        'validite', jsonb_build_array('', CASE
            WHEN e.valable_du IS NULL AND e.valable_au IS NULL THEN 'sans limite'
            WHEN e.valable_au IS NULL THEN 'à partir du ' || to_char(e.valable_du, 'DD/MM/YYYY')
            WHEN e.valable_du IS NULL THEN 'jusqu''au ' || to_char(e.valable_au, 'DD/MM/YYYY')
            ELSE 'du ' || to_char(e.valable_du, 'DD/MM/YYYY') || ' au ' || to_char(e.valable_au, 'DD/MM/YYYY') END),
        'rang', jsonb_build_array('', e.rang::text))),
    '', ''
FROM paiements_enveloppe e
WHERE NOT EXISTS (SELECT FROM journal_evenement j
    WHERE j.chaine = 'enveloppe:' || e.id AND j.objet = j.chaine)
ORDER BY e.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0003_constat"),
        ("paiements", "0003_compensation_et_retour"),
    ]

    operations = [migrations.RunSQL(CONSTATER, migrations.RunSQL.noop)]
