"""The ledger is given what was decided and paid before it: as the tables say it, at the instants that the journal knows.

By lots, each in its own transaction: what is written stays written, and another run writes the rest. Going back removes nothing:
the entries are those of the gestures, and go with their table.
"""

from django.db import migrations, transaction

LOT = 10_000  # decisions

# As envelopes were opened before anything was decided on them.
CREDITS = """
INSERT INTO grand_livre_ecriture (instant, operation, debit, credit, montant, enveloppe_id, role, reference)
SELECT least(now(), (SELECT min(prise_le) FROM paiements_decision d WHERE d.enveloppe_id = e.id)),
    'CREDIT', '200', '100', e.montant, e.id, 'SYSTEME', 'Reprise'
FROM paiements_enveloppe e
WHERE e.montant > 0 AND NOT EXISTS (SELECT FROM grand_livre_ecriture l WHERE l.enveloppe_id = e.id)
"""

# « gestes »: what the journal tells of a payment's steps.
HISTOIRE = """
WITH decisions AS MATERIALIZED (
    SELECT d.id, d.demande_id, d.enveloppe_id, d.decideur_id, d.montant, d.prise_le, q.dossier_id, q.statut_depuis,
        q.statut IN ('HISTORISEE', 'ANNULEE') AS annulee
    FROM paiements_decision d JOIN demandes_demande q ON q.id = d.demande_id
    WHERE d.id > %(apres)s AND d.id <= %(jusqua)s AND NOT EXISTS (
        SELECT FROM grand_livre_ecriture l WHERE l.demande_id = d.demande_id AND l.operation = 'ENGAGEMENT')
), versements AS MATERIALIZED (
    SELECT v.id, v.etat, v.mis_en_paiement_le, v.paye_le, d.id AS decision_id, d.demande_id, d.prise_le,
        d.annulee AND v.etat = 'REJETE' AND v.motif_rejet = 'Demande annulée' AS annule,
        row_number() OVER (PARTITION BY v.decision_id ORDER BY v.id) AS rang
    FROM decisions d JOIN paiements_versement v ON v.decision_id = d.id
), gestes AS MATERIALIZED (
    SELECT DISTINCT ON (v.id, e.geste) v.id AS versement_id, e.geste, e.instant, e.acteur_id, e.role
    FROM versements v JOIN journal_evenement e ON e.objet = 'demande:' || v.demande_id
        AND e.details->'versement' = to_jsonb(v.id) AND e.geste LIKE 'PAIEMENT\\_%%'
    ORDER BY v.id, e.geste, e.id DESC
), pas AS (
    SELECT id AS versement_id, 'REEMISSION' AS operation, 'PAIEMENT_REEMETTRE' AS geste, 1 AS rang,
        prise_le AS sinon FROM versements WHERE rang > 1
    UNION ALL
    SELECT id, 'MISE_EN_PAIEMENT', 'PAIEMENT_METTRE_EN_PAIEMENT', 2, mis_en_paiement_le FROM versements
        WHERE mis_en_paiement_le IS NOT NULL
    UNION ALL
    SELECT id, 'PAIEMENT', 'PAIEMENT_CONSTATER', 3, greatest(paye_le::timestamptz, mis_en_paiement_le)
        FROM versements WHERE etat = 'EFFECTUE'
    UNION ALL
    SELECT id, CASE WHEN mis_en_paiement_le IS NULL THEN 'REJET_SANS_REMISE' ELSE 'REJET' END, 'PAIEMENT_REJETER', 4,
        coalesce(mis_en_paiement_le, prise_le) FROM versements WHERE etat = 'REJETE' AND NOT annule
), lignes AS (
    SELECT prise_le AS instant, 0 AS rang, 'ENGAGEMENT' AS operation, id AS decision_id, NULL::bigint AS versement_id,
        decideur_id AS acteur_id, 'DECIDEUR' AS role FROM decisions
    UNION ALL
    SELECT coalesce(CASE WHEN p.operation = 'MISE_EN_PAIEMENT' THEN p.sinon END, g.instant, p.sinon), p.rang, p.operation,
        v.decision_id, v.id, g.acteur_id, coalesce(g.role, 'SYSTEME')
    FROM pas p JOIN versements v ON v.id = p.versement_id
        LEFT JOIN gestes g ON g.versement_id = p.versement_id AND g.geste = p.geste
    UNION ALL
    SELECT d.statut_depuis, 5, CASE WHEN v.id IS NULL THEN 'ANNULATION_DE_REJETE' ELSE 'ANNULATION' END, d.id, NULL,
        g.acteur_id, coalesce(g.role, 'SYSTEME')
    FROM decisions d LEFT JOIN versements v ON v.decision_id = d.id AND v.annule
        LEFT JOIN gestes g ON g.versement_id = v.id AND g.geste = 'PAIEMENT_ANNULER'
    WHERE d.annulee
), plan (operation, debit, credit) AS (
    VALUES ('ENGAGEMENT', '300', '200'), ('REEMISSION', '300', '450'), ('MISE_EN_PAIEMENT', '400', '300'),
        ('PAIEMENT', '500', '400'), ('REJET', '450', '400'), ('REJET_SANS_REMISE', '450', '300'),
        ('ANNULATION', '200', '300'), ('ANNULATION_DE_REJETE', '200', '450')
)
INSERT INTO grand_livre_ecriture (instant, operation, debit, credit, montant, enveloppe_id, dossier_id, demande_id,
    versement_id, acteur_id, role, reference)
SELECT l.instant, l.operation, plan.debit, plan.credit, d.montant, d.enveloppe_id, d.dossier_id, d.demande_id,
    l.versement_id, l.acteur_id, l.role, 'Reprise'
FROM lignes l JOIN decisions d ON d.id = l.decision_id JOIN plan ON plan.operation = l.operation
ORDER BY l.instant, d.id, l.versement_id, l.rang
"""


def reprendre(apps: object, editeur: object) -> None:
    connexion = editeur.connection  # type: ignore[attr-defined]
    with connexion.cursor() as curseur:
        with transaction.atomic(using=connexion.alias):
            curseur.execute(CREDITS)
        curseur.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM paiements_decision")
        premiere, derniere = curseur.fetchone()
        for apres in range(premiere - 1, derniere, LOT):
            with transaction.atomic(using=connexion.alias):
                curseur.execute(HISTOIRE, {"apres": apres, "jusqua": apres + LOT})


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("grand_livre", "0002_mouvements_et_compteurs"),
        ("journal", "0003_constat"),
    ]

    operations = [migrations.RunPython(reprendre, migrations.RunPython.noop)]
