"""The journal tells what each person may do, who stands for each company, and what sets dates and amounts: what it
tells nothing of is told as it is found. The digests are those of `PREUVE` on the models, as they were then.
"""

from django.db import migrations

# Whoever writes in the journal waits for its end, or is waited for: see `journal.services`.
CONSTATER = """
SELECT pg_advisory_xact_lock(5346117);
INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'compte:' || t.id, 0, now(), 'SYSTEME', 'utilisateur:' || t.id, 'CONSTATER', '', '', '',
    jsonb_build_object('preuve:personne:' || t.id, jsonb_build_array(
        'ac959a:' || encode(sha256(convert_to((jsonb_build_array(
            t.username, extract(epoch FROM t.date_joined)))::text, 'UTF8')), 'hex'),
        '57f1a6:' || encode(sha256(convert_to((jsonb_build_array(jsonb_build_array(
            t.is_active, t.is_staff, t.is_superuser, t.email, t.last_name, t.first_name),
            (SELECT jsonb_agg(d.un ORDER BY d.un) FROM (
                SELECT jsonb_build_array(t.profil, t.role, t.entreprise_id) AS un
                UNION ALL SELECT jsonb_build_array(h.profil, h.role, h.entreprise_id)
                FROM comptes_habilitation h WHERE h.utilisateur_id = t.id) AS d)))::text, 'UTF8')), 'hex'))),
    '', ''
FROM comptes_utilisateur t
WHERE NOT EXISTS (SELECT FROM journal_evenement j
    WHERE j.chaine = 'compte:' || t.id AND j.details ? ('preuve:personne:' || t.id))
ORDER BY t.id;

INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'entreprise:' || t.siret, 0, now(), 'SYSTEME', 'entreprise:' || t.id, 'CONSTATER', '', '', '',
    jsonb_build_object('preuve:entreprise:' || t.id, jsonb_build_array(
        '08efd2:' || encode(sha256(convert_to((jsonb_build_array(
            t.siret, extract(epoch FROM t.cree_le)))::text, 'UTF8')), 'hex'),
        'a42242:' || encode(sha256(convert_to((jsonb_build_array(jsonb_build_array(
            t.denomination, t.adresse, t.code_postal, t.commune),
            (SELECT jsonb_agg(jsonb_build_array(l.role, l.nom, l.prenom, l.courriel, l.telephone) ORDER BY l.id)
            FROM coordonnees_personnephysique l WHERE l.entreprise_id = t.id)))::text, 'UTF8')), 'hex'))),
    '', ''
FROM comptes_entreprise t
WHERE NOT EXISTS (SELECT FROM journal_evenement j
    WHERE j.chaine = 'entreprise:' || t.siret AND j.details ? ('preuve:entreprise:' || t.id))
ORDER BY t.id;

INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'referencement:' || t.numero_ans, 0, now(), 'SYSTEME', 'referencement:' || t.numero_ans, 'CONSTATER', '', '', '',
    jsonb_build_object('preuve:referencement:' || t.id, jsonb_build_array(
        'db563b:' || encode(sha256(convert_to((jsonb_build_array(t.numero_ans))::text, 'UTF8')), 'hex'),
        '15c794:' || encode(sha256(convert_to((
            jsonb_build_array(jsonb_build_array(t.logiciel, t.version, t.dsr, t.profils, t.date_effet,
            t.valide, t.nature, t.profil_operateur)))::text, 'UTF8')), 'hex'))),
    '', ''
FROM referentiel_referencement t
WHERE NOT EXISTS (SELECT FROM journal_evenement j
    WHERE j.chaine = 'referencement:' || t.numero_ans AND j.details ? ('preuve:referencement:' || t.id))
ORDER BY t.id;

INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'fenetre:' || t.dsr || ':' || t.type, 0, now(), 'SYSTEME', 'fenetre:' || t.dsr || ':' || t.type, 'CONSTATER',
    '', '', '',
    jsonb_build_object('preuve:fenetre:' || t.id, jsonb_build_array(
        '9d17b2:' || encode(sha256(convert_to((
            jsonb_build_array(t.dsr, t.type, extract(epoch FROM t.ouverture),
            extract(epoch FROM t.affichee), extract(epoch FROM t.fermeture),
            extract(epoch FROM t.derniere_modification), extract(epoch FROM t.comptage), t.source,
            extract(epoch FROM t.depuis), t.projet_id))::text, 'UTF8')), 'hex'),
        'ed929d:' || encode(sha256(convert_to((
            jsonb_build_array(jsonb_build_array(extract(epoch FROM t.reportee),
            extract(epoch FROM t.panne_du), extract(epoch FROM t.panne_au))))::text, 'UTF8')), 'hex'))),
    '', ''
FROM referentiel_fenetredepot t
WHERE NOT EXISTS (SELECT FROM journal_evenement j
    WHERE j.chaine = 'fenetre:' || t.dsr || ':' || t.type AND j.details ? ('preuve:fenetre:' || t.id))
ORDER BY t.id;

INSERT INTO journal_evenement (chaine, rang, instant, role, objet, geste, avant, apres, motif, details,
    empreinte_precedente, empreinte)
SELECT 'plafonds', 0, now(), 'SYSTEME', 'plafonds', 'CONSTATER', '', '', '',
    jsonb_build_object('importes', (SELECT encode(sha256(convert_to(coalesce(string_agg(encode(sha256(convert_to(
    l.un::text, 'UTF8')), 'hex'), '' ORDER BY l.sorte, l.id), ''), 'UTF8')), 'hex') FROM (
    SELECT 1 AS sorte, id, jsonb_build_array(dsr, identifiant, montant_ht, date_effet, source) AS un
        FROM referentiel_plafond WHERE projet_id IS NULL
    UNION ALL SELECT 2, id, jsonb_build_array(dsr, date_effet, valeurs, source) FROM referentiel_bareme
        WHERE projet_id IS NULL) AS l)),
    '', ''
WHERE NOT EXISTS (SELECT FROM journal_evenement j WHERE j.chaine = 'plafonds' AND j.details ? 'importes')
AND (EXISTS (SELECT FROM referentiel_plafond WHERE projet_id IS NULL)
    OR EXISTS (SELECT FROM referentiel_bareme WHERE projet_id IS NULL))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0004_enveloppes"),
        ("comptes", "0004_comptes_par_iban"),
        ("coordonnees", "0002_deux_personnes"),
        ("referentiel", "0004_reglages_approuves"),
    ]

    operations = [migrations.RunSQL(CONSTATER, migrations.RunSQL.noop)]
