"""What was deposited before claims its beneficiaries too; what was decided, then validated, holds them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LOT = 5_000  # requests in one transaction

INSCRIRE = """
INSERT INTO financements_financement (sons, genre, valeur, contestee)
SELECT DISTINCT b.dsr, b.type_identifiant, v.valeur, false
FROM demandes_beneficiaire b JOIN demandes_demande d ON d.id = b.demande_id, unnest(b.identifiants) AS v (valeur)
WHERE d.id > %(apres)s AND d.id <= %(jusqu_a)s AND d.statut NOT IN ('REJETEE', 'ANNULEE', 'HISTORISEE')
ON CONFLICT DO NOTHING
"""
REVENDIQUER = """
INSERT INTO financements_revendication (demande_id, financement_id, ecartee)
SELECT DISTINCT d.id, f.id, false
FROM demandes_beneficiaire b JOIN demandes_demande d ON d.id = b.demande_id, unnest(b.identifiants) AS v (valeur),
    financements_financement f
WHERE d.id > %(apres)s AND d.id <= %(jusqu_a)s AND d.statut NOT IN ('REJETEE', 'ANNULEE', 'HISTORISEE')
    AND f.sons = b.dsr AND f.valeur = v.valeur AND f.genre = b.type_identifiant
ON CONFLICT DO NOTHING
"""
TENIR = """
UPDATE financements_financement f SET dossier_id = premier.dossier_id
FROM (
    SELECT DISTINCT ON (r.financement_id) r.financement_id, d.dossier_id
    FROM financements_revendication r JOIN demandes_demande d ON d.id = r.demande_id
    WHERE d.id > %(apres)s AND d.id <= %(jusqu_a)s AND d.statut = %(statut)s
    ORDER BY r.financement_id, d.id
) premier
WHERE f.id = premier.financement_id AND f.dossier_id IS NULL
"""


def reprendre(_apps: StateApps, editeur: BaseDatabaseSchemaEditor) -> None:
    """In lots, each by itself: cut, it is run again and goes on."""
    for ordre, statut in ((INSCRIRE, ""), (REVENDIQUER, ""), (TENIR, "DECIDEE"), (TENIR, "VALIDEE")):
        with editeur.connection.cursor() as curseur:
            curseur.execute("SELECT coalesce(max(id), 0) FROM demandes_demande")
            (dernier,) = curseur.fetchone()
            for apres in range(0, dernier, LOT):
                curseur.execute(ordre, {"apres": apres, "jusqu_a": apres + LOT, "statut": statut})


class Migration(migrations.Migration):
    atomic = False  # a lot is a transaction
    dependencies = [("financements", "0001_initial")]
    operations = [migrations.RunPython(reprendre, migrations.RunPython.noop)]
