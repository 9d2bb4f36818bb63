"""The journal begins to tell each bank account: those that are there are told as they are found.

So are the enrolments that no event tells of, which a demonstration wrote by itself.
"""

from django.db import migrations

# Whoever writes in the journal waits for its end, or is waited for: see `journal.services`.
CONSTATER = """
SELECT pg_advisory_xact_lock(5346117);
INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'entreprise:' || e.siret, 0, now(), 'SYSTEME', 'compte-bancaire:' || c.id, 'RETENIR_COMPTE', '', c.statut, '',
    jsonb_build_object('compte', c.id, 'empreinte_compte',
        encode(sha256(convert_to(concat_ws('|', c.entreprise_id, c.iban, c.bic, c.titulaire), 'UTF8')), 'hex')),
    '', ''
FROM comptes_coordonneesbancaires c JOIN comptes_entreprise e ON e.id = c.entreprise_id
WHERE NOT EXISTS (SELECT FROM journal_evenement j
    WHERE j.chaine = 'entreprise:' || e.siret AND j.details->>'compte' = c.id::text)
ORDER BY e.siret, c.statut = 'ACTIVE', c.id;

INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT numero, 0, now(), 'SYSTEME', numero, 'CONSTATER', '', statut, '', '{}', '', ''
FROM (SELECT id, statut, 'enrolement:ENR' ||
    to_char(sequence, CASE WHEN sequence > 9999 THEN 'FM9999999999' ELSE 'FM0000' END) AS numero
    FROM enrolements_enrolement) AS e
WHERE NOT EXISTS (SELECT FROM journal_evenement j WHERE j.objet = e.numero)
ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_valeurs_presentes"),
        ("comptes", "0003_theme"),
        ("enrolements", "0004_une_horloge"),
    ]

    operations = [migrations.RunSQL(CONSTATER, migrations.RunSQL.noop)]
