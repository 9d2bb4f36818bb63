"""The proof: the ledger balances, and says the same as the requests, the payments, their notices and the envelopes.

Each rule is one statement that finds what breaks it, whoever wrote it and in whichever table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from segurnum.grand_livre.auteurs import AUTRE_AUTEUR
from segurnum.grand_livre.plan import PLAN, Operation
from segurnum.journal.gardes import GRAND_LIVRE, levees
from segurnum.regles.argent import en_euros

PAR_REGLE = 1_000  # anomalies told of one rule


@dataclass(frozen=True)
class Regle:
    """`sql` finds what breaks it, in the columns that `phrase` names by their rank."""

    phrase: str
    sql: str


_PLAN = ", ".join(f"('{o.value}', '{m.debit.value}', '{m.credit.value}')" for o, m in PLAN.items())
# What is asked back was paid by the bank, or kept on a payment.
_ORDRES = f"'{Operation.ORDRE}', '{Operation.ORDRE_SUR_COMPENSE}'"
# What the rules look at: decisions and payments, each beside what the ledger says of it.
_AVEC = f"""
WITH plan (operation, debit, credit) AS (VALUES {_PLAN}), decidees AS (
    SELECT q.id, q.numero, q.statut, q.montant_decide, d.montant AS decide, d.enveloppe_id, d.prise_le, l.*
    FROM paiements_decision d JOIN demandes_demande q ON q.id = d.demande_id LEFT JOIN (
        SELECT demande_id, sum(montant) FILTER (WHERE operation = 'ENGAGEMENT') AS engage,
            max(instant) FILTER (WHERE operation = 'ENGAGEMENT') AS engage_le,
            max(enveloppe_id) FILTER (WHERE operation = 'ENGAGEMENT') AS enveloppe,
            coalesce(sum(montant) FILTER (WHERE operation IN ('ANNULATION', 'ANNULATION_DE_REJETE')), 0) AS rendu,
            count(*) FILTER (WHERE operation IN ({_ORDRES})) AS ordres
        FROM grand_livre_ecriture WHERE demande_id IS NOT NULL GROUP BY demande_id
    ) AS l ON l.demande_id = d.demande_id
), verses AS (
    SELECT v.*, q.numero, q.statut, l.*,
        row_number() OVER (PARTITION BY v.decision_id ORDER BY v.id) > 1 AS reemis,
        v.etat = 'REJETE' AND q.statut IN ('HISTORISEE', 'ANNULEE') AND v.motif_rejet = 'Demande annulée' AS annule
    FROM paiements_versement v JOIN paiements_decision d ON d.id = v.decision_id
    JOIN demandes_demande q ON q.id = d.demande_id LEFT JOIN (
        SELECT versement_id, count(*) FILTER (WHERE operation = 'REEMISSION') AS reemissions,
            max(instant) FILTER (WHERE operation = 'MISE_EN_PAIEMENT') AS mis_le,
            coalesce(sum(montant) FILTER (WHERE operation = 'PAIEMENT'), 0) AS paye,
            coalesce(sum(montant) FILTER (WHERE operation = 'RETOUR_TARDIF'), 0) AS revenu,
            count(*) FILTER (WHERE operation IN ('REJET', 'REJET_SANS_REMISE', 'RETOUR_TARDIF')) AS rejets
        FROM grand_livre_ecriture WHERE versement_id IS NOT NULL GROUP BY versement_id
    ) AS l ON l.versement_id = v.id
), titres AS (
    SELECT r.*, coalesce(r.numero, 'Proposition ' || r.id) AS nom, coalesce(l.ordonne, 0) AS ordonne,
        coalesce(l.rentre, 0) AS rentre, coalesce(l.abandonne, 0) AS abandonne, coalesce(g.regle, 0) AS regle
    FROM recouvrements_recouvrement r JOIN paiements_decision d ON d.id = r.decision_id LEFT JOIN (
        SELECT demande_id, enveloppe_id, reference,
            sum(montant) FILTER (WHERE operation IN ({_ORDRES})) AS ordonne,
            sum(CASE operation WHEN 'COMPENSATION_RETIREE' THEN -montant ELSE montant END) FILTER (WHERE operation
                IN ('REMBOURSEMENT', 'COMPENSATION_RECUE', 'COMPENSATION_RETIREE')) AS rentre,
            sum(montant) FILTER (WHERE operation = 'ORDRE_ANNULE') AS abandonne
        FROM grand_livre_ecriture WHERE debit = '600' OR credit = '600' GROUP BY demande_id, enveloppe_id, reference
    ) AS l ON (l.demande_id, l.enveloppe_id, l.reference) = (d.demande_id, d.enveloppe_id, r.numero) LEFT JOIN (
        SELECT recouvrement_id, sum(montant) AS regle FROM recouvrements_reglement WHERE retire_le IS NULL
        GROUP BY recouvrement_id
    ) AS g ON g.recouvrement_id = r.id
)
"""  # noqa: S608 - ours

REGLES = (
    Regle(
        "Écriture {0} : « {1} » n'a pas les comptes du plan.",
        "SELECT l.id, l.operation FROM grand_livre_ecriture l "
        "WHERE (l.operation, l.debit, l.credit) NOT IN (SELECT operation, debit, credit FROM plan) OR l.montant <= 0",
    ),
    Regle(
        "Enveloppe « {0} » : elle dit un montant de {1}, le grand livre {2}.",
        "SELECT e.libelle, e.montant, coalesce(l.somme, 0) FROM paiements_enveloppe e LEFT JOIN ("
        "SELECT enveloppe_id, sum(CASE credit WHEN '100' THEN montant ELSE -montant END) AS somme "
        "FROM grand_livre_ecriture WHERE '100' IN (debit, credit) GROUP BY enveloppe_id) AS l "
        "ON l.enveloppe_id = e.id WHERE e.montant <> coalesce(l.somme, 0)",
    ),
    Regle(
        "Enveloppe « {0} » : elle dit {1} décidés, le grand livre {2}.",
        "SELECT e.libelle, e.decide, coalesce(l.somme, 0) FROM paiements_enveloppe e LEFT JOIN ("
        "SELECT enveloppe_id, sum(CASE credit WHEN '200' THEN montant ELSE -montant END) AS somme "
        "FROM grand_livre_ecriture WHERE '200' IN (debit, credit) AND '100' NOT IN (debit, credit) "
        "GROUP BY enveloppe_id) AS l ON l.enveloppe_id = e.id WHERE e.decide <> coalesce(l.somme, 0)",
    ),
    Regle(
        "Écriture {0} : des crédits de {2} sans mouvement approuvé de ce montant ({1}).",
        "SELECT l.id, l.reference, l.montant FROM grand_livre_ecriture l "
        "LEFT JOIN grand_livre_mouvement m ON l.reference = 'Mouvement ' || m.id "
        "WHERE l.operation IN ('CREDIT', 'REDUCTION') AND NOT (l.reference = 'Reprise' AND l.operation = 'CREDIT' "
        "AND NOT EXISTS (SELECT FROM grand_livre_ecriture a WHERE a.enveloppe_id = l.enveloppe_id AND a.id < l.id)) "
        "AND NOT coalesce(m.statut = 'APPROUVE' AND m.montant = l.montant "
        "AND l.enveloppe_id IN (m.enveloppe_id, m.destination_id), false)",
    ),
    Regle(
        "Écriture {0} : des crédits repris d'une enveloppe que le journal ne connaît pas.",
        "SELECT l.id FROM grand_livre_ecriture l WHERE l.reference = 'Reprise' AND l.operation = 'CREDIT' "
        "AND NOT EXISTS (SELECT FROM journal_evenement e WHERE e.chaine = 'enveloppe:' || l.enveloppe_id "
        "AND e.objet = e.chaine)",
    ),
    Regle(
        "Écriture {0} : son auteur n'est pas celui du geste que dit le journal.",
        AUTRE_AUTEUR,
    ),
    Regle(
        "Écriture {0} : son enveloppe, son dossier ou son versement ne sont pas ceux de sa demande.",
        "SELECT l.id FROM grand_livre_ecriture l LEFT JOIN demandes_demande q ON q.id = l.demande_id "
        "LEFT JOIN paiements_decision d ON d.demande_id = l.demande_id "
        "LEFT JOIN paiements_versement v ON v.id = l.versement_id "
        "WHERE l.dossier_id IS DISTINCT FROM q.dossier_id OR l.demande_id IS NOT NULL AND l.enveloppe_id "
        "IS DISTINCT FROM d.enveloppe_id OR l.versement_id IS NOT NULL AND (v.decision_id = d.id) IS NOT TRUE",
    ),
    Regle(
        "Écriture {0} : sa référence, « {1} », n'est pas celle d'une écriture de cette sorte.",
        "SELECT l.id, l.reference FROM grand_livre_ecriture l LEFT JOIN ("
        "SELECT demande_id, min(id) AS premiere FROM grand_livre_ecriture WHERE reference <> 'Reprise' GROUP BY 1"
        ") AS p ON p.demande_id = l.demande_id AND l.reference = 'Reprise' WHERE l.demande_id IS NOT NULL "
        "AND '600' NOT IN (l.debit, l.credit) AND (l.reference NOT IN ('', 'Reprise') OR p.premiere < l.id)",
    ),
    Regle(
        "Mouvement {0} : approuvé pour {1}, il n'a pas ses écritures.",
        "SELECT m.id, m.montant FROM grand_livre_mouvement m WHERE m.statut = 'APPROUVE' AND "
        "(SELECT count(*) FROM grand_livre_ecriture l WHERE l.enveloppe_id IN (m.enveloppe_id, m.destination_id) "
        "AND l.reference = 'Mouvement ' || m.id) <> CASE m.genre WHEN 'VIREMENT' THEN 2 ELSE 1 END",
    ),
    Regle(
        "Demande {0} : décidée pour {1}, engagée au grand livre pour {2}.",
        "SELECT numero, decide, coalesce(engage, 0) FROM decidees WHERE nullif(decide, 0) IS DISTINCT FROM engage",
    ),
    Regle(
        "Demande {0} : sa décision et son engagement n'ont pas le même instant ou la même enveloppe.",
        "SELECT numero FROM decidees "
        "WHERE engage IS NOT NULL AND (engage_le <> prise_le OR enveloppe <> enveloppe_id)",
    ),
    Regle(
        "Demande {0} : elle dit {1}, sa décision {2}.",
        "SELECT numero, montant_decide, decide FROM decidees "
        "WHERE greatest(montant_decide, 0) IS DISTINCT FROM decide",
    ),
    Regle(
        "Demande {0} : « {1} » contredit ce que le grand livre a rendu à l'enveloppe ({2}).",
        "SELECT numero, statut, rendu FROM decidees WHERE engage IS NOT NULL AND CASE "
        "WHEN statut = 'DECIDEE' THEN rendu <> 0 WHEN statut IN ('HISTORISEE', 'ANNULEE') "
        "THEN rendu <> decide AND NOT (rendu = 0 AND ordres > 0) ELSE true END",
    ),
    Regle(
        "Demande {0} : décidée, elle n'a pas de décision.",
        "SELECT q.numero FROM demandes_demande q WHERE q.statut = 'DECIDEE' "
        "AND NOT EXISTS (SELECT FROM paiements_decision d WHERE d.demande_id = q.id)",
    ),
    Regle(
        "Demande {0} : engagée au grand livre pour {1}, elle n'a pas de décision.",
        "SELECT q.numero, l.montant FROM grand_livre_ecriture l JOIN demandes_demande q ON q.id = l.demande_id "
        "WHERE l.operation = 'ENGAGEMENT' AND NOT EXISTS "
        "(SELECT FROM paiements_decision d WHERE d.demande_id = l.demande_id)",
    ),
    Regle(
        "Demande {0} : le compte {1} tombe à {2}.",
        "SELECT q.numero, s.compte, s.solde FROM (SELECT demande_id, compte, sum(montant) AS solde FROM ("
        "SELECT demande_id, debit AS compte, montant FROM grand_livre_ecriture WHERE demande_id IS NOT NULL "
        "UNION ALL SELECT demande_id, credit, -montant FROM grand_livre_ecriture WHERE demande_id IS NOT NULL"
        ") AS cotes WHERE compte NOT IN ('100', '200') GROUP BY demande_id, compte HAVING sum(montant) < 0) AS s "
        "JOIN demandes_demande q ON q.id = s.demande_id",
    ),
    Regle(
        "Versement {0} de la demande {1} : sa mise en paiement n'est pas celle du grand livre.",
        "SELECT id, numero FROM verses WHERE mis_en_paiement_le IS DISTINCT FROM mis_le",
    ),
    Regle(
        "Versement {0} de la demande {1} : il dit {2} payés, le grand livre {3}.",
        "SELECT id, numero, CASE etat WHEN 'EFFECTUE' THEN montant_paye ELSE 0 END, coalesce(paye - revenu, 0) "
        "FROM verses "
        "WHERE CASE etat WHEN 'EFFECTUE' THEN montant_paye ELSE 0 END <> coalesce(paye - revenu, 0)",
    ),
    Regle(
        "Versement {0} de la demande {1} : « {2} » contredit les rejets du grand livre.",
        "SELECT id, numero, etat FROM verses "
        "WHERE coalesce(rejets, 0) <> CASE WHEN etat = 'REJETE' AND NOT annule THEN 1 ELSE 0 END",
    ),
    Regle(
        "Versement {0} de la demande {1} : sa réémission n'est pas celle du grand livre.",
        "SELECT id, numero FROM verses WHERE coalesce(reemissions, 0) <> CASE WHEN reemis THEN 1 ELSE 0 END",
    ),
    Regle(
        "Versement {0} de la demande {1} : payé, il n'a pas d'avis de paiement qui lui soit propre.",
        "SELECT v.id, q.numero FROM paiements_versement v JOIN paiements_decision d ON d.id = v.decision_id "
        "JOIN demandes_demande q ON q.id = d.demande_id LEFT JOIN (SELECT avis_id FROM paiements_versement "
        "WHERE etat = 'EFFECTUE' GROUP BY avis_id HAVING count(*) > 1) AS partages ON partages.avis_id = v.avis_id "
        "WHERE v.etat = 'EFFECTUE' AND (v.avis_id IS NULL OR partages.avis_id IS NOT NULL)",
    ),
    Regle(
        "Recouvrement {0} : il dit {1} demandés, le grand livre {2}.",
        "SELECT nom, CASE WHEN numero IS NULL THEN 0 ELSE montant END, ordonne FROM titres "
        "WHERE ordonne <> CASE WHEN numero IS NULL THEN 0 ELSE montant END",
    ),
    Regle(
        "Recouvrement {0} : il dit {1} recouvrés, ses règlements {2}, le grand livre {3}.",
        "SELECT nom, recu, regle, rentre FROM titres WHERE recu <> rentre OR recu <> regle",
    ),
    Regle(
        "Recouvrement {0} : « {1} » contredit ce que le grand livre a abandonné ({2}).",
        "SELECT nom, statut, abandonne FROM titres WHERE abandonne <> CASE WHEN statut = 'ANNULE' "
        "AND numero IS NOT NULL THEN montant - recu ELSE 0 END "
        "OR statut IN ('SOLDE', 'COMPENSE') AND recu <> montant",
    ),
    Regle(
        "Écriture {0} : {1} au compte 600 sans le recouvrement « {2} ».",
        "SELECT l.id, l.montant, l.reference FROM grand_livre_ecriture l WHERE '600' IN (l.debit, l.credit) "
        "AND NOT EXISTS (SELECT FROM recouvrements_recouvrement r JOIN paiements_decision d ON d.id = r.decision_id "
        "WHERE (r.numero, d.demande_id, d.enveloppe_id) = (l.reference, l.demande_id, l.enveloppe_id))",
    ),
    Regle(
        "Titres {0} : la série en compte {1}, il y en a {2}, dont le dernier est {3}.",
        "SELECT prefixe, coalesce(s.dernier, 0), coalesce(l.nombre, 0), coalesce(l.plus_haut, 'aucun') FROM ("
        "SELECT 'TR' || annee || '-' AS prefixe, dernier FROM recouvrements_serietitres) AS s FULL JOIN ("
        "SELECT coalesce(substring(numero FROM '^.*-'), numero) AS prefixe, count(*) AS nombre, "
        "max(lpad(split_part(numero, '-', 2), 9, '0')) AS plus_haut FROM recouvrements_recouvrement "
        "WHERE numero IS NOT NULL GROUP BY 1) AS l USING (prefixe) WHERE coalesce(s.dernier, 0) <> "
        "coalesce(l.nombre, 0) OR lpad(coalesce(s.dernier, 0)::text, 9, '0') <> coalesce(l.plus_haut, '000000000')",
    ),
    Regle(
        "Compteur {0}, {1} : {2} comptées, {3} dans la table, ou leurs montants diffèrent.",
        "SELECT dsr, statut, coalesce(c.n, 0), coalesce(t.n, 0) FROM ("
        "SELECT dsr, statut, sum(nombre)::int AS n, sum(somme) AS s, sum(negatives)::int AS m "
        "FROM grand_livre_compteur GROUP BY dsr, statut) AS c FULL JOIN ("
        "SELECT dsr, statut, count(*)::int AS n, coalesce(sum(greatest(montant_decide, 0)), 0) AS s, "
        "(count(*) FILTER (WHERE montant_decide <= 0))::int AS m FROM demandes_demande GROUP BY dsr, statut) AS t "
        "USING (dsr, statut) WHERE (coalesce(c.n, 0), coalesce(c.s, 0), coalesce(c.m, 0)) "
        "<> (coalesce(t.n, 0), coalesce(t.s, 0), coalesce(t.m, 0))",
    ),
)


def anomalies() -> Iterator[str]:
    """Each thing that is wrong, as a sentence. To be read in one instant of the base."""
    yield from levees(GRAND_LIVRE)
    for regle in REGLES:
        yield from _enfreinte(regle)


def _enfreinte(regle: Regle) -> Iterator[str]:
    with connection.cursor() as curseur:
        curseur.execute(f"{_AVEC} {regle.sql} LIMIT {PAR_REGLE}")
        for lues in curseur.fetchall():
            yield regle.phrase.format(*(_dit(valeur) for valeur in lues))


def _dit(valeur: Any) -> str:
    return en_euros(valeur) if isinstance(valeur, Decimal) else str(valeur)


def operations() -> int:
    """How many entries there are."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM grand_livre_ecriture")
        (nombre,) = curseur.fetchone()
        return int(nombre)
