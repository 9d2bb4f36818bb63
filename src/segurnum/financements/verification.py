"""Whether each beneficiary still is held once, and by whom it should: for who verifies the tables behind the portal."""

from collections.abc import Iterator

from django.db import connection

from segurnum.journal.queries import lire_par_tranches

_GARDE = (
    "SELECT tgenabled IN ('O', 'A') FROM pg_trigger WHERE tgname = 'financements_exiger' AND NOT tgisinternal"
)
_MAL_TENUS = """
SELECT d.numero FROM demandes_demande d
JOIN financements_revendication r ON r.demande_id = d.id JOIN financements_financement f ON f.id = r.financement_id
WHERE d.statut IN ('VALIDEE', 'DECIDEE') AND f.dossier_id IS DISTINCT FROM d.dossier_id
"""
_PLUS_REVENDIQUES = """
SELECT d.numero FROM demandes_demande d JOIN demandes_beneficiaire b ON b.demande_id = d.id
WHERE d.statut NOT IN ('REJETEE', 'ANNULEE', 'HISTORISEE') AND EXISTS (
    SELECT FROM unnest(b.identifiants) v (valeur) WHERE NOT EXISTS (
        SELECT FROM financements_revendication r JOIN financements_financement f ON f.id = r.financement_id
        WHERE r.demande_id = d.id AND (f.sons, f.genre, f.valeur) = (b.dsr, b.type_identifiant, v.valeur)))
"""
_PAS_DECLARES = """
SELECT d.numero FROM financements_revendication r JOIN financements_financement f ON f.id = r.financement_id
JOIN demandes_demande d ON d.id = r.demande_id
WHERE NOT EXISTS (SELECT FROM demandes_beneficiaire b WHERE b.demande_id = r.demande_id
    AND (b.dsr, b.type_identifiant) = (f.sons, f.genre) AND f.valeur = ANY (b.identifiants))
"""
_TENUS_SANS_DEMANDE = """
SELECT coalesce(o.numero, f.dossier_id::text), f.genre, f.valeur FROM financements_financement f
LEFT JOIN demandes_dossier o ON o.id = f.dossier_id
WHERE f.dossier_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM financements_revendication r JOIN demandes_demande d ON d.id = r.demande_id
    WHERE r.financement_id = f.id AND d.dossier_id = f.dossier_id AND d.statut IN ('VALIDEE', 'DECIDEE'))
"""
_MAL_SUSPENDUS = """
SELECT f.genre, f.valeur FROM financements_financement f
WHERE f.contestee <> EXISTS (SELECT FROM financements_contestation c
    WHERE c.financement_id = f.id AND c.statut IN ('EN_REPONSE', 'A_TRANCHER'))
"""
# Who lost a contest has lost the beneficiary, and nobody else; a correction that came after may claim it anew.
_MAL_ECARTEES = """
SELECT d.numero, f.genre, f.valeur FROM financements_revendication r
JOIN demandes_demande d ON d.id = r.demande_id JOIN financements_financement f ON f.id = r.financement_id
LEFT JOIN LATERAL (SELECT max(c.statut_depuis) AS le FROM financements_partie p
    JOIN financements_contestation c ON c.id = p.contestation_id
    WHERE p.demande_id = r.demande_id AND c.financement_id = r.financement_id
    AND c.statut IN ('ATTRIBUEE', 'NON_ATTRIBUEE', 'REJETEE') AND c.attribuee_a_id IS DISTINCT FROM d.dossier_id
) AS perdue ON true
WHERE CASE WHEN r.ecartee THEN perdue.le IS NULL ELSE perdue.le IS NOT NULL AND NOT EXISTS (
    SELECT FROM demandes_versiondemande v WHERE v.demande_id = r.demande_id AND v.cree_le > perdue.le) END
"""
_ACCORDS_DE_PERSONNE = """
SELECT coalesce(d.numero, 'inconnue'), a.id FROM financements_accord a
LEFT JOIN financements_revendication r ON r.id = a.revendication_id LEFT JOIN demandes_demande d ON d.id = r.demande_id
WHERE NOT EXISTS (SELECT FROM journal_evenement e
    WHERE e.objet = 'demande:' || r.demande_id AND e.geste = 'ACCORDER_AJOUT' AND e.acteur_id = a.auteur_id
    AND e.motif = a.motif AND e.details->'financements' ? r.financement_id::text
    AND e.instant BETWEEN a.donne_le - interval '5 min' AND a.donne_le + interval '5 min')
"""
# An agreement goes with the claim that it admits, which a correction may take away.
_ACCORDS_PERDUS = """
SELECT DISTINCT d.numero FROM journal_evenement e JOIN demandes_demande d ON e.objet = 'demande:' || d.id
CROSS JOIN jsonb_array_elements_text(e.details->'financements') AS f (cle)
JOIN financements_revendication r ON r.demande_id = d.id AND r.financement_id = f.cle::bigint
WHERE e.geste = 'ACCORDER_AJOUT' AND NOT EXISTS (SELECT FROM financements_accord a WHERE a.revendication_id = r.id)
AND NOT EXISTS (SELECT FROM demandes_versiondemande v WHERE v.demande_id = d.id AND v.cree_le > e.instant)
"""


def incoherences() -> Iterator[str]:
    """Each request, and each beneficiary, that is not as the portal's services and trigger would have it."""
    with connection.cursor() as curseur:
        curseur.execute(_GARDE)
        if curseur.fetchone() != (True,):
            yield "Le déclencheur financements_exiger des demandes a été supprimé ou désactivé."
    for (numero,) in lire_par_tranches("mal_tenus", _MAL_TENUS):
        yield f"Demande {numero} : elle est validée, et un autre dossier tient un de ses bénéficiaires."
    for (numero,) in lire_par_tranches("plus_revendiques", _PLUS_REVENDIQUES):
        yield f"Demande {numero} : elle vit, et ne revendique plus un de ses bénéficiaires."
    for (numero,) in lire_par_tranches("pas_declares", _PAS_DECLARES):
        yield f"Demande {numero} : elle revendique un bénéficiaire qu'elle ne déclare pas."
    for numero, genre, valeur in lire_par_tranches("tenus_sans_demande", _TENUS_SANS_DEMANDE):
        yield f"Dossier {numero} : il tient {genre} {valeur} sans demande validée qui le revendique."
    for numero, genre, valeur in lire_par_tranches("mal_ecartees", _MAL_ECARTEES):
        yield f"Demande {numero} : sa revendication de {genre} {valeur} n'est pas ce que sa contestation a tranché."
    for numero, accord in lire_par_tranches("accords_de_personne", _ACCORDS_DE_PERSONNE):
        yield f"Demande {numero} : l'accord {accord} sur un bénéficiaire ajouté n'est pas celui que dit le journal."
    for (numero,) in lire_par_tranches("accords_perdus", _ACCORDS_PERDUS):
        yield f"Demande {numero} : l'accord sur un bénéficiaire ajouté que dit le journal n'y est plus."
    for genre, valeur in lire_par_tranches("mal_suspendus", _MAL_SUSPENDUS):
        yield f"Bénéficiaire {genre} {valeur} : il n'est pas suspendu par ses contestations comme il le devrait."
